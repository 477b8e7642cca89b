import { outOfRange, portName, type NameRule } from '@kubephant/api';
import { forbidden, invalidValue, none, notSupported, required, type Causes } from './causes';
import type { Path } from './path';

/** A value at a path, and what is wrong with it. */
export type Check<V> = (value: V, path: Path) => Causes;

/** What an optional field may hold besides its value. */
export type Absent = null | undefined;

/** A required list as a list: where it is missing, decoding leaves null. */
export const listOf = <T>(items: T[] | Absent): T[] => items ?? [];

/** Every element of a list at its index. */
export function each<V>(
  list: readonly V[] | Absent,
  path: Path,
  check: (value: V, path: Path, index: number) => Causes,
): Causes {
  // Mostly nothing is wrong, and then there is nothing to make.
  let causes: Causes[number][] | undefined;
  list?.forEach((value, index) => {
    for (const found of check(value, path.index(index), index)) (causes ??= []).push(found);
  });
  return causes ?? none;
}

/** The check of a value that is there; nothing is wrong with an absent one. */
export const optional = <V>(value: V | Absent, path: Path, check: Check<V>): Causes =>
  value === undefined || value === null ? none : check(value, path);

/** One cause when the condition holds. The cause is made only then. */
export const when = (condition: boolean, make: () => Causes[number]): Causes => (condition ? [make()] : none);

/** Every reproach of a rule of @kubephant/api, as invalid values. */
export const follows = (value: string | Absent, path: Path, rule: NameRule): Causes =>
  rule(value ?? '').map((detail) => invalidValue(path, value ?? '', detail));

/** Required, then the rule. */
export const requiredAnd = (value: string | Absent, path: Path, rule: NameRule): Causes =>
  value ? follows(value, path, rule) : [required(path)];

export const present = (value: unknown, path: Path, detail = ''): Causes =>
  when(value === undefined || value === null || value === '', () => required(path, detail));

export const oneOf = (value: string | Absent, path: Path, allowed: readonly string[]): Causes =>
  when(!allowed.includes(value ?? ''), () => notSupported(path, value ?? '', allowed));

/** One of the values; an empty one is told to be required. */
export const requiredOneOf = (value: string | Absent, path: Path, allowed: readonly string[], detail = ''): Causes =>
  value ? oneOf(value, path, allowed) : [required(path, detail)];

export const notNegative = (value: number | Absent, path: Path): Causes =>
  when((value ?? 0) < 0, () => invalidValue(path, value, 'must be greater than or equal to 0'));

export const positive = (value: number | Absent, path: Path): Causes =>
  when((value ?? 0) <= 0, () => invalidValue(path, value ?? 0, 'must be greater than 0'));

export const inRange = (value: number | Absent, path: Path, [low, high]: readonly [number, number]): Causes =>
  when((value ?? 0) < low || (value ?? 0) > high, () => invalidValue(path, value ?? 0, outOfRange(low, high)));

export const portNumberAt = (value: number | Absent, path: Path): Causes => inRange(value, path, [1, 65535]);

/** A port by number, or by the name of a container port. */
export const validatePortOrName = (port: number | string | Absent, path: Path): Causes =>
  typeof port === 'string' ? follows(port, path, portName) : portNumberAt(port, path);

/** Whether two JSON values say the same: absent, null and empty are one, the order of keys does not matter. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a) && isEmpty(b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalLists(a, b);
  return equalFields(a as Fields, b as Fields);
}

const equalLists = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => equal(item, b[index]));

type Fields = Readonly<Record<string, unknown>>;

const equalFields = (a: Fields, b: Fields): boolean =>
  Object.keys(a).every((key) => equal(a[key], b[key])) &&
  Object.keys(b).every((key) => Object.hasOwn(a, key) || isEmpty(b[key]));

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && Object.values(value).every((part) => part === undefined));

export const immutable = (value: unknown, old: unknown, path: Path): Causes =>
  when(!equal(value, old), () => invalidValue(path, value, 'field is immutable'));

export const onlyWith = (value: unknown, path: Path, detail: string): Causes =>
  when(!isEmpty(value) && value !== '' && value !== 0, () => forbidden(path, detail));
