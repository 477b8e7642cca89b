import type { Answer } from './case';
import { matches, valueAt } from './placeholders';

/** What of an answer can differ, most telling first. */
export const levels = ['code', 'reason', 'causes', 'message', 'body', 'warnings', 'headers'] as const;
export type Level = (typeof levels)[number];

export interface Difference {
  readonly level: Level;
  /** A path in the body, the name of a header field, or nothing. */
  readonly at: string;
  readonly want: unknown;
  readonly got: unknown;
}

interface Cause {
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}
interface Failure {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly Cause[] };
}

/** How an answer differs from the one that is wanted. With another code nothing else is compared. */
export function compare(want: Answer, got: Answer): readonly Difference[] {
  if (want.status !== got.status) return [differs('code', '', said(want), said(got))];
  return [
    ...(want.body === undefined ? [] : compareBodies(want.body, got.body)),
    ...Object.entries(want.parts ?? {}).flatMap(([pointer, part]) =>
      compareValues(part, valueAt(got.body, pointer) ?? null, pointer),
    ),
    ...(sameTexts(want.warnings ?? [], got.warnings ?? [])
      ? []
      : [differs('warnings', '', want.warnings, got.warnings)]),
    ...Object.entries(want.headers ?? {})
      .filter(([name, value]) => !matches(value, got.headers?.[name]))
      .map(([name, value]) => differs('headers', name, value, got.headers?.[name])),
  ];
}

const differs = (level: Level, at: string, want: unknown, got: unknown): Difference => ({ level, at, want, got });
const said = ({ status, body }: Answer): string =>
  isFailure(body) ? `${status} ${body.message ?? ''}` : String(status);

const isFailure = (body: unknown): body is Failure =>
  isObject(body) && body['kind'] === 'Status' && body['status'] === 'Failure';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function compareBodies(want: unknown, got: unknown): readonly Difference[] {
  if (!isFailure(want) || !isFailure(got)) return compareValues(want, got, '');
  return [...compareFailures(want, got), ...compareValues(rest(want), rest(got), '')];
}

function compareFailures(want: Failure, got: Failure): readonly Difference[] {
  const [wanted, given] = [want.details?.causes ?? [], got.details?.causes ?? []];
  const place = ({ field = '', reason = '' }: Cause): string => `${field}|${reason}`;
  const text = (cause: Cause): string => `${place(cause)}|${cause.message ?? ''}`;
  const sameCauses = sameSet(wanted.map(place), given.map(place));
  return [
    ...(want.reason === got.reason ? [] : [differs('reason', '', want.reason, got.reason)]),
    ...(sameCauses ? [] : [differs('causes', '', wanted.map(place), given.map(place))]),
    ...(sameMessage(want.message ?? '', got.message ?? '') ? [] : [differs('message', '', want.message, got.message)]),
    ...(!sameCauses || sameSet(wanted.map(text), given.map(text))
      ? []
      : [differs('message', '.details.causes', wanted.map(text), given.map(text))]),
  ];
}

function rest({ reason: _reason, message: _message, details, ...others }: Failure): object {
  const { causes: _causes, ...kept } = details ?? {};
  return { ...others, ...(details && { details: kept }) };
}

/** Several errors in one message have no order upstream. */
const sameMessage = (want: string, got: string): boolean =>
  matches(want, got) || sameSet(errorsIn(want), errorsIn(got));
const errorsIn = (message: string): readonly string[] => message.replace(/: \[(.*)\]$/s, ': , $1').split(', ');

const sameTexts = (want: readonly string[], got: readonly string[]): boolean =>
  want.length === got.length && want.every((text, i) => matches(text, got[i]));

function sameSet(want: readonly string[], got: readonly string[]): boolean {
  const left = [...got];
  return (
    want.length === got.length &&
    want.every((text) => {
      const i = left.findIndex((one) => matches(text, one));
      if (i >= 0) left.splice(i, 1);
      return i >= 0;
    })
  );
}

function compareValues(want: unknown, got: unknown, at: string): readonly Difference[] {
  if (isObject(want) && isObject(got)) {
    const keys = new Set([...Object.keys(want), ...Object.keys(got)]);
    return [...keys].flatMap((key) => compareValues(want[key], got[key], `${at}.${key}`));
  }
  if (Array.isArray(want) && Array.isArray(got) && want.length === got.length)
    return want.flatMap((one, i) => compareValues(one, got[i], `${at}[${i}]`));
  const same = typeof want === 'string' ? matches(want, got) : want === got;
  return same ? [] : [differs('body', at, want, got)];
}
