import { quote, quoteJson, type Cause } from '@kubephant/api';
import type { Path } from './path';

/** What a validation finds wrong; empty when nothing is. */
export type Causes = readonly Cause[];

export const none: Causes = [];

/** A value as field errors quote it: a text, or JSON with `null` for what is absent. */
const shown = (value: unknown): string => (typeof value === 'string' ? quote(value) : quoteJson(value ?? null));

/** A text that upstream holds by a pointer, which it shows as JSON, where others are quoted. */
export const pointed = (text: string): object => ({ toJSON: () => text });

const cause = (reason: Cause['reason'], path: Path, head: string, detail: string): Cause => ({
  reason,
  field: path.toString(),
  message: detail === '' ? head : `${head}: ${detail}`,
});

/** A map as upstream shows it: sorted by key. */
export const sortedMap = <V>(
  map: Readonly<Record<string, V>> | null | undefined,
): Readonly<Record<string, V>> | undefined =>
  map ? Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))) : undefined;

export const required = (path: Path, detail = ''): Cause => cause('FieldValueRequired', path, 'Required value', detail);

export const forbidden = (path: Path, detail: string): Cause => cause('FieldValueForbidden', path, 'Forbidden', detail);

export const invalidValue = (path: Path, value: unknown, detail: string): Cause =>
  cause('FieldValueInvalid', path, `Invalid value: ${shown(value)}`, detail);

/** An invalid value that is not quoted: too large to show, or not one value. */
export const invalidAltogether = (path: Path, detail: string): Cause =>
  cause('FieldValueInvalid', path, 'Invalid value', detail);

export const duplicate = (path: Path, value: unknown, detail = ''): Cause =>
  cause('FieldValueDuplicate', path, `Duplicate value: ${shown(value)}`, detail);

export const notFoundValue = (path: Path, value: unknown, detail = ''): Cause =>
  cause('FieldValueNotFound', path, `Not found: ${shown(value)}`, detail);

export const tooLongValue = (path: Path, maxBytes: number): Cause =>
  cause('FieldValueTooLong', path, 'Too long', `may not be more than ${maxBytes} bytes`);

/** Upstream could not find out. */
export const internalError = (path: Path, detail: string): Cause =>
  cause('InternalError', path, 'Internal error', detail);

export const tooMany = (path: Path, count: number, max: number): Cause =>
  cause('FieldValueTooMany', path, `Too many: ${count}`, `must have at most ${max} items`);

export const notSupported = (path: Path, value: unknown, allowed: readonly string[]): Cause =>
  cause(
    'FieldValueNotSupported',
    path,
    `Unsupported value: ${shown(value)}`,
    `supported values: ${allowed.map((text) => JSON.stringify(text)).join(', ')}`,
  );
