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
  const value = integer64Param(query, name);
  return value === undefined ? undefined : Number(value);
}

function integer64Param(query: URLSearchParams, name: string): bigint | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!integer.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  const parsed = BigInt(value);
  if (parsed > maxInt64 || parsed < -maxInt64 - 1n) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  return parsed;
}

/** A time given in whole seconds. Upstream counts it in nanoseconds of 64 bits: beyond 292 years it wraps around. */
export function secondsParam(query: URLSearchParams, name: string): number | undefined {
  const seconds = integer64Param(query, name);
  return seconds === undefined ? undefined : Number(BigInt.asIntN(64, seconds * 1_000_000_000n) / 1_000_000n);
}
