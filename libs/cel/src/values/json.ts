import { keyText } from '../library/collections';
import { escapeName, unescapeName } from '../schema/escape';
import { type StructuralSchema, withTypeMeta } from '../schema/structural';
import { ArrayList } from './collections';
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

type Reader = (json: unknown, schema: StructuralSchema) => Value | undefined;

const invalid = (expected: string): Failure => new Failure(`invalid data, expected ${expected}`);

const base64 = (text: string): Value => new Uint8Array(Buffer.from(text, 'base64'));

const formats: Readonly<Record<string, (text: string) => Value>> = {
  duration: (text) => parseSchemaDuration(text) ?? new Failure(`Invalid duration ${text}`),
  date: (text) => parseDate(text) ?? new Failure(`Invalid date formatted string ${text}`),
  'date-time': (text) => parseTimestamp(text) ?? new Failure(`Invalid date-time formatted string ${text}`),
  byte: base64,
};

const readers: Readonly<Record<string, Reader>> = {
  string: (json, { format = '' }) => {
    if (typeof json !== 'string') return invalid('string');
    return Object.hasOwn(formats, format) ? formats[format]?.(json) : json;
  },
  integer: (json) =>
    typeof json === 'bigint' ? json : Number.isInteger(json) ? BigInt(json as number) : invalid('int'),
  number: (json) => (typeof json === 'number' || typeof json === 'bigint' ? Number(json) : invalid('float')),
  boolean: (json) => (typeof json === 'boolean' ? json : invalid('bool')),
  array: (json, schema) =>
    Array.isArray(json)
      ? listValue(json as readonly unknown[], schema)
      : invalid('an array for the provided schema with type=array'),
  object: (json, schema) =>
    isObject(json) ? mapValue(json, schema) : invalid('a map for the provided schema with type=object'),
};

function listValue(json: readonly unknown[], schema: StructuralSchema): Value {
  const { items } = schema;
  if (!items) return new Failure('invalid array type, expected Items with a non-empty Schema');
  const list = new JsonList(json, (element) => structuralValue(element, items));
  if (schema['x-kubernetes-list-type'] === 'set') return newSetList(list);
  if (schema['x-kubernetes-list-type'] !== 'map') return list;
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeName(key) ?? key);
  return newMapList(list, keys);
}

function mapValue(json: Json, schema: StructuralSchema): Value {
  const whole = schema['x-kubernetes-embedded-resource'] === true ? withTypeMeta(schema) : schema;
  const { additionalProperties, properties = {} } = whole;
  if (typeof additionalProperties === 'object') {
    return new JsonMap(json, { ...untyped, value: (_, part) => structuralValue(part, additionalProperties) });
  }
  return new JsonMap(json, shapeOf(properties));
}

function shapeOf(properties: Readonly<Record<string, StructuralSchema>>): Shape {
  return {
    property: (key) => {
      const property = unescapeName(key);
      return property !== undefined && escapeName(property) === key ? property : undefined;
    },
    key: escapeName,
    value: (property, json) => {
      const schema = Object.hasOwn(properties, property) ? properties[property] : undefined;
      return schema && structuralValue(json, schema);
    },
  };
}

/** A value of a custom resource as its schema says; what does not fit the schema is a failure. */
export function structuralValue(json: unknown, schema: StructuralSchema): Value {
  if (json === null || json === undefined) {
    return schema.nullable === true ? null : new Failure('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    const fits = typeof json === 'string' || typeof json === 'bigint' || Number.isInteger(json);
    return fits ? jsonValue(json) : invalid('XIntOrString value to be either a string or integer');
  }
  const reader = readers[schema.type ?? ''];
  if (reader) return reader(json, schema) ?? null;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return jsonValue(json);
  return new Failure('invalid type, expected object, array, number, integer, boolean or string');
}

/** A whole custom resource; its type and metadata can be seen whatever the schema says. */
export const resourceValue = (json: unknown, schema: StructuralSchema): Value =>
  structuralValue(json, withTypeMeta(schema));

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

/** Texts as a list. */
export const textList = (texts: readonly string[]): List => new ArrayList(texts);
