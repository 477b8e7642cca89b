import type { AnySchema, Field, ObjectSchema, Schema } from '../schema';
import { convertScalar, Mismatch, zeroScalar } from './scalars';

/** What a conversion met on its way. */
export interface Tally {
  /** Members of all objects that were looked into. */
  members: number;
  /** Fields that the schema does not know. */
  unknown: number;
}

/**
 * Turns a parsed JSON value that is not null into the typed value the API stores: checked, pruned, canonical, in the
 * order of the schema. Throws Mismatch; `explain` says what is wrong.
 */
export type Convert = (value: unknown, tally: Tally) => unknown;

/** The conversion for a form of values, compiled once. Results share nothing that is changed with the input. */
export function converter(schema: Schema): Convert {
  const known = compiled.get(schema);
  if (known) return known;
  const made = compile(schema);
  compiled.set(schema, made);
  return made;
}

const compiled = new WeakMap<Schema, Convert>();

function compile(schema: Schema): Convert {
  if (schema.type === 'object') return compileObject(schema);
  if (schema.type === 'any') return (value, tally) => convertAny(schema, value, tally);
  if (schema.type === 'list') {
    const items = schema.items;
    return (value, tally) => convertList(items, value, tally);
  }
  if (schema.type === 'map') {
    const values = schema.values;
    return (value, tally) => convertMap(values, value, tally);
  }
  return (value) => convertScalar(schema, value);
}

interface Step {
  readonly name: string;
  /** Every object has something of this name, without being asked. */
  readonly isInherited: boolean;
  readonly zero: Field['zero'];
  readonly schema: Schema;
  readonly convert: Convert;
}

function compileObject(schema: ObjectSchema): Convert {
  if (schema.read) return readWhole(schema.read);
  let steps: readonly Step[] | undefined;
  return (value, tally) => {
    steps ??= [...schema.fields.values()].map(stepOf);
    return convertObject(schema, steps, asRecord(value), tally);
  };
}

/** Nothing is known of what such a reader left out, so that those who ask for problems look for themselves. */
function readWhole(read: NonNullable<ObjectSchema['read']>): Convert {
  return (value, tally) => {
    tally.members += countMembers(value);
    tally.unknown++;
    return read(asRecord(value));
  };
}

/** A step compiles its own conversion on first use, since definitions may contain themselves. */
function stepOf({ name, zero, schema }: Field): Step {
  let convert: Convert | undefined;
  const isInherited = name in Object.prototype;
  return { name, isInherited, zero, schema, convert: (value, tally) => (convert ??= converter(schema))(value, tally) };
}

type JsonObject = Record<string, unknown>;

function convertObject(schema: ObjectSchema, steps: readonly Step[], input: JsonObject, tally: Tally): JsonObject {
  const result: JsonObject = {};
  let known = 0;
  for (const step of steps) {
    const value = step.isInherited && !Object.hasOwn(input, step.name) ? undefined : input[step.name];
    if (value !== undefined) known++;
    const converted = convertField(step, value, tally);
    if (converted !== undefined) put(result, step.name, converted);
    if (value !== undefined && (converted ?? null) === null) noteEmpty(result, step.name, value);
  }
  const members = countKeys(input);
  tally.members += members;
  if (members > known) keepUnknown(schema, input, result, tally);
  return result;
}

/** Lists and maps that were given empty, by the object whose fields they were. */
const givenEmpty = new WeakMap<object, ReadonlyMap<string, unknown>>();

function noteEmpty(holder: object, field: string, value: unknown): void {
  if (!isEmpty(value)) return;
  givenEmpty.set(holder, new Map([...(givenEmpty.get(holder) ?? []), [field, value]]));
}

/**
 * The list or map without elements that a field of a decoded object was given as. What is stored does not know it from
 * an absent one, but upstream's messages do. Only the object that decoding made knows it, no copy but those
 * made here.
 */
export const emptyAsGiven = (holder: object | null | undefined, field: string): unknown =>
  holder ? givenEmpty.get(holder)?.get(field) : undefined;

/** Lets a copy that has all fields of a decoded object know what of them was given empty. */
export function knowingAsGiven<T extends object>(copy: T, original: object): T {
  const known = givenEmpty.get(original);
  if (known) givenEmpty.set(copy, known);
  return copy;
}

/** A copy with other fields, which knows as much of what was given empty as the original does. */
export function variant<T extends object>(original: T, changes: Partial<T>): T {
  const copy = { ...original, ...changes };
  const known = givenEmpty.get(original);
  if (known) givenEmpty.set(copy, new Map([...known].filter(([field]) => !(field in changes))));
  return copy;
}

/** A deep copy of a decoded value that knows what was given empty. */
export function cloneAsGiven<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => cloneAsGiven(item)) as T;
  const copy: JsonObject = {};
  for (const [name, item] of Object.entries(value)) put(copy, name, cloneAsGiven(item));
  return knowingAsGiven(copy, value) as T;
}

/** The value to be stored; undefined if the field is left out. */
function convertField({ zero, schema, convert }: Step, value: unknown, tally: Tally): unknown {
  const converted = value === undefined || value === null ? undefined : convert(value, tally);
  if (converted === undefined) return zero === 'fill' ? zeroOf(schema) : zero === 'null' ? null : undefined;
  if (zero === 'omit' && isZero(converted)) return undefined;
  // Upstream's stored form does not know an empty list or map from none.
  return zero === 'fill' && isCollection(schema) && isEmpty(converted) ? null : converted;
}

function keepUnknown(schema: ObjectSchema, input: JsonObject, result: JsonObject, tally: Tally): void {
  for (const [name, value] of Object.entries(input)) {
    if (schema.fields.has(name)) continue;
    if (!schema.preserveUnknown) {
      tally.unknown++;
    } else {
      tally.members += countMembers(value);
      put(result, name, value);
    }
  }
}

function convertList(items: Schema, value: unknown, tally: Tally): unknown {
  if (!Array.isArray(value)) throw new Mismatch();
  const convert = converter(items);
  return value.map((item: unknown) => (item === null ? zeroWithin(items) : convert(item, tally)));
}

function convertMap(values: Schema, value: unknown, tally: Tally): unknown {
  const convert = converter(values);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(asRecord(value))) {
    tally.members++;
    put(result, key, item === null ? zeroWithin(values) : convert(item, tally));
  }
  return result;
}

/** Open JSON stays as it is, but for JSON schemas, whose alternatives are converted when they are objects. */
function convertAny({ name = '', object }: AnySchema, value: unknown, tally: Tally): unknown {
  tally.members += countMembers(value);
  if (!object) return value;
  const inner: Tally = { members: 0, unknown: 0 };
  if (Array.isArray(value) && name.endsWith('OrArray')) return convertList(object, value, inner);
  if (isRecord(value)) return converter(object)(value, inner);
  const isAlternative = name.endsWith('OrBool') ? typeof value === 'boolean' : Array.isArray(value);
  if (isAlternative) return value;
  if (name.endsWith('OrBool')) throw new Mismatch('boolean or JSON schema expected');
  return undefined;
}

/** The value of an absent field that is written all the same: `{}` with its own such fields, null, or a zero. */
export function zeroOf(schema: Schema): unknown {
  if (schema.type === 'object') return converter(schema)({}, { members: 0, unknown: 0 });
  if (schema.type === 'list' || schema.type === 'map' || schema.type === 'any') return null;
  return zeroScalar(schema);
}

/** What null is inside a list or map: there an absent text of bytes is an empty one. */
const zeroWithin = (schema: Schema): unknown => (schema.type === 'bytes' ? '' : zeroOf(schema));

function isZero(value: unknown): boolean {
  if (typeof value !== 'object') return value === '' || value === 0 || value === false;
  return value === null || isEmpty(value);
}

const isCollection = ({ type }: Schema): boolean => type === 'list' || type === 'map';

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Array.isArray(value) ? value.length === 0 : countKeys(value) === 0);

function asRecord(value: unknown): JsonObject {
  if (!isRecord(value)) throw new Mismatch();
  return value;
}

export const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `__proto__` and `constructor` are keys like any other, also where an object does not have them. */
function put(target: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
}

const countKeys = (value: object): number => Object.keys(value).length;

/** Members of all objects in a value. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : countKeys(value);
  for (const item of Object.values(value)) count += countMembers(item);
  return count;
}
