import { keyText } from '../library/collections';
import { escapeName } from '../schema/escape';
import { type StructuralSchema, withTypeMeta } from '../schema/structural';
import { newMapList, newSetList } from './list-types';
import { parseDate, parseSchemaDuration, parseTimestamp } from './time';
import { type CelMap, Failure, isList, isMap, type List, Timestamp, type Value } from './value';

type Json = Readonly<Record<string, unknown>>;

/** How the parts of an object become values. Only own properties exist; `__proto__` is a key like any other. */
interface Shape {
  /** The property that a key names; undefined when keys of this form name none. */
  property(key: string): string | undefined;
  key(property: string): string | undefined;
  value(property: string, json: unknown): Value | undefined;
}

/** An object of JSON as a map, whose parts become values when they are looked at. */
class JsonMap implements CelMap {
  readonly tag = 'map';
  readonly #json: Json;
  readonly #shape: Shape;
  #keys: readonly string[] | undefined;

  constructor(json: Json, shape: Shape) {
    this.#json = json;
    this.#shape = shape;
  }

  get size(): number {
    return this.keys().length;
  }

  get(key: Value): Value | undefined {
    const property = typeof key === 'string' ? this.#shape.property(key) : undefined;
    if (property === undefined || !Object.hasOwn(this.#json, property)) return undefined;
    return this.#shape.value(property, this.#json[property]);
  }

  has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  keys(): readonly string[] {
    return (this.#keys ??= Object.keys(this.#json).flatMap((property) => {
      const key = this.#shape.key(property);
      return key === undefined || this.#shape.value(property, this.#json[property]) === undefined ? [] : [key];
    }));
  }
}

/** A list of JSON, whose elements become values when they are looked at. */
class JsonList implements List {
  readonly tag = 'list';
  readonly #json: readonly unknown[];
  readonly #element: (json: unknown) => Value;

  constructor(json: readonly unknown[], element: (json: unknown) => Value) {
    this.#json = json;
    this.#element = element;
  }

  get size(): number {
    return this.#json.length;
  }

  at(index: number): Value | undefined {
    return index >= 0 && index < this.#json.length ? this.#element(this.#json[index]) : undefined;
  }
}

const isObject = (json: unknown): json is Json => typeof json === 'object' && json !== null && !Array.isArray(json);

const asIs = (name: string): string => name;
const untyped: Shape = { property: asIs, key: asIs, value: (_, json) => jsonValue(json) };

/** Any JSON as a value. Numbers without a fraction are ints. */
export function jsonValue(json: unknown): Value {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return new JsonList(json as readonly unknown[], jsonValue);
  if (isObject(json)) return new JsonMap(json, untyped);
  if (typeof json === 'string' || typeof json === 'boolean' || typeof json === 'bigint') return json;
  return null;
}

/** Makes a value of JSON; failures say what does not fit. */
export type Reader = (json: unknown) => Value;

const invalid = (expected: string): Failure => new Failure(`invalid data, expected ${expected}`);

const formats: Readonly<Record<string, (text: string) => Value>> = {
  duration: (text) => parseSchemaDuration(text) ?? new Failure(`Invalid duration ${text}`),
  date: (text) => parseDate(text) ?? new Failure(`Invalid date formatted string ${text}`),
  'date-time': (text) => parseTimestamp(text) ?? new Failure(`Invalid date-time formatted string ${text}`),
  byte: (text) => new Uint8Array(Buffer.from(text, 'base64')),
};

function textReader({ format = '' }: StructuralSchema): Reader {
  const read = Object.hasOwn(formats, format) ? formats[format] : undefined;
  return (json) => (typeof json !== 'string' ? invalid('string') : read ? read(json) : json);
}

function listReader(schema: StructuralSchema): Reader {
  if (!schema.items) return () => new Failure('invalid array type, expected Items with a non-empty Schema');
  const element = structuralReader(schema.items);
  const type = schema['x-kubernetes-list-type'];
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeName(key) ?? key);
  return (json) => {
    if (!Array.isArray(json)) return invalid('an array for the provided schema with type=array');
    const list = new JsonList(json as readonly unknown[], element);
    return type === 'set' ? newSetList(list) : type === 'map' ? newMapList(list, keys) : list;
  };
}

function mapReader(schema: StructuralSchema): Reader {
  const whole = schema['x-kubernetes-embedded-resource'] === true ? withTypeMeta(schema) : schema;
  const shape = shapeOf(whole);
  return (json) =>
    isObject(json) ? new JsonMap(json, shape) : invalid('a map for the provided schema with type=object');
}

function shapeOf({ additionalProperties, properties = {} }: StructuralSchema): Shape {
  if (typeof additionalProperties === 'object') {
    const read = structuralReader(additionalProperties);
    return { ...untyped, value: (_, json) => read(json) };
  }
  const readers = new Map(Object.entries(properties).map(([name, schema]) => [name, structuralReader(schema)]));
  const names = new Map([...readers.keys()].map((name) => [escapeName(name) ?? '', name]));
  return {
    property: (key) => names.get(key),
    key: escapeName,
    value: (property, json) => readers.get(property)?.(json),
  };
}

const readers: Readonly<Record<string, (schema: StructuralSchema) => Reader>> = {
  string: textReader,
  array: listReader,
  object: mapReader,
  integer: () => (json) =>
    typeof json === 'bigint' ? json : Number.isInteger(json) ? BigInt(json as number) : invalid('int'),
  number: () => (json) => (typeof json === 'number' || typeof json === 'bigint' ? Number(json) : invalid('float')),
  boolean: () => (json) => (typeof json === 'boolean' ? json : invalid('bool')),
};

function intOrString(json: unknown): Value {
  const fits = typeof json === 'string' || typeof json === 'bigint' || Number.isInteger(json);
  return fits ? jsonValue(json) : invalid('XIntOrString value to be either a string or integer');
}

function typedReader(schema: StructuralSchema): Reader {
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString;
  const reader = Object.hasOwn(readers, schema.type ?? '') ? readers[schema.type ?? ''] : undefined;
  if (reader) return reader(schema);
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return jsonValue;
  return () => new Failure('invalid type, expected object, array, number, integer, boolean or string');
}

/** Reads values of custom resources as their schema says. Made once per schema; reading is done when it is looked at. */
export function structuralReader(schema: StructuralSchema): Reader {
  const read = typedReader(schema);
  const nothing =
    schema.nullable === true ? null : new Failure('invalid data, got null for schema with nullable=false');
  return (json) => (json === null || json === undefined ? nothing : read(json));
}

/** Reads whole custom resources; their type and metadata can be seen whatever the schema says. */
export const resourceReader = (schema: StructuralSchema): Reader => structuralReader(withTypeMeta(schema));

const plainTypes = new Set(['string', 'boolean', 'number']);

/** A value as JSON: what patches and audit annotations are made of. A failure for values JSON has no form for. */
export function toJson(value: Value): unknown {
  if (value === null || plainTypes.has(typeof value) || value instanceof Failure) return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Timestamp) return new Failure('cannot convert timestamp to JSON');
  if (isList(value)) return allOf(Array.from({ length: value.size }, (_, index) => toJson(value.at(index) ?? null)));
  if (!isMap(value)) return new Failure('unsupported type for JSON');
  const entries = value.keys().map((key) => [keyText(key), toJson(value.get(key) ?? null)] as const);
  const wrong = allOf(entries.map(([, part]) => part));
  return wrong instanceof Failure ? wrong : Object.fromEntries(entries);
}

function allOf(parts: readonly unknown[]): unknown {
  return parts.find((part) => part instanceof Failure) ?? parts;
}
