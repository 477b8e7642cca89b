import { badRequest } from '@kubephant/api';

const integer = /^[+-]?\d+$/;
const maxInt64 = 9_223_372_036_854_775_807n;

/** Everything but `0` and `false` counts as true, the empty text too, as upstream reads query parameters. */
export function booleanParam(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  return value === null ? undefined : !['0', 'false'].includes(value.toLowerCase());
}

/** A 64-bit integer; beyond 2^53 it is still a number, only not exact. */
export function integerParam(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!integer.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  const parsed = BigInt(value);
  if (parsed > maxInt64 || parsed < -maxInt64 - 1n) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  return Number(parsed);
}

/** What the text is not: a revision. undefined when it is one (or is absent). */
export function revisionProblem(text: string): string | undefined {
  return /^\d{1,19}$/.test(text) ? undefined : `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
}
