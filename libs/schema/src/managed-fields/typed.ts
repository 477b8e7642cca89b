import { isObject, own, type JsonObject } from '../patch/json';
import type { AnySchema, Field, ListSchema, MapSchema, ObjectSchema, Schema } from '../schema';
import { keyElement, valueElement } from './path-element';

/** How a value is walked: as a map or a list of some schema, or as one leaf. */
export type Shape = ObjectSchema | MapSchema | ListSchema | 'scalar';

const any: AnySchema = { type: 'any' };
const anyList: ListSchema = { type: 'list', items: any, listType: 'atomic' };
const anyMap: MapSchema = { type: 'map', values: any };

/**
 * The shape that values of a schema have. Where a custom resource takes anything it follows the values: maps merge,
 * lists are atomic. Built-in definitions of that kind (RawExtension, which has a name) are leaves.
 */
export function shapeOf(schema: Schema, ...values: readonly unknown[]): Shape {
  if (schema.type === 'object' || schema.type === 'map' || schema.type === 'list') return schema;
  if (schema.type !== 'any' || schema.name !== undefined) return 'scalar';
  const present = values.filter((value) => value !== undefined && value !== null);
  if (present.length > 0 && present.every(isObject)) return anyMap;
  return present.length > 0 && present.every(Array.isArray) ? anyList : 'scalar';
}

/** Owned as one: changes inside are changes of the whole. */
export function isAtomic(shape: Exclude<Shape, 'scalar'>): boolean {
  return shape.type === 'list' ? shape.listType !== 'set' && shape.listType !== 'map' : shape.mapType === 'atomic';
}

export const declaredField = (shape: Shape, key: string): Field | undefined =>
  shape !== 'scalar' && shape.type === 'object' ? shape.fields.get(key) : undefined;

export function childSchema(shape: ObjectSchema | MapSchema, key: string): Schema {
  return shape.type === 'map' ? shape.values : (shape.fields.get(key)?.schema ?? any);
}

export const asMap = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

export const asList = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? (value as readonly unknown[]) : undefined;

export const isBlank = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);
};

/** The element that identifies an item of a set or a map list; an Error says why there is none. */
export function elementOf(list: ListSchema, item: unknown): string | Error {
  if (list.listType === 'map') return keyOfItem(list, item);
  if (item === null) return new Error("associative list without keys has an element that's an explicit null");
  if (isObject(item)) return new Error("associative list without keys has an element that's a map type");
  if (Array.isArray(item)) return new Error('not supported: associative list with lists as elements');
  return valueElement(item);
}

function keyOfItem(list: ListSchema, item: unknown): string | Error {
  if (item === null) return new Error('associative list with keys may not have a null element');
  if (!isObject(item)) return new Error('associative list with keys may not have non-map elements');
  const keys: [string, unknown][] = [];
  for (const name of [...(list.listMapKeys ?? [])].sort()) {
    const value = own(item, name) ?? keyDefault(list.items, name);
    if (value !== undefined) keys.push([name, value]);
  }
  if (keys.length > 0) return keyElement(keys);
  const names = `[${(list.listMapKeys ?? []).map((name) => JSON.stringify(name)).join(' ')}]`;
  return new Error(
    `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
  );
}

/** Built-in types have the zero value for a key that is absent; custom ones only what they declare. */
function keyDefault(items: Schema, name: string): unknown {
  if (items.type !== 'object') return undefined;
  const field = items.fields.get(name);
  if (field?.default !== undefined) return field.default;
  // A pointer that is absent is no part of the key.
  if (items.name === undefined || !field || field.zero === undefined) return undefined;
  return { string: '', integer: 0, number: 0, boolean: false }[field.schema.type as string];
}

/** The items of a list by their elements, in order; several share an element in lists that broke their own rule. */
export function indexItems(list: ListSchema, items: readonly unknown[]): ReadonlyMap<string, readonly unknown[]> {
  const index = new Map<string, unknown[]>();
  for (const item of items) {
    const element = elementOf(list, item);
    if (typeof element !== 'string') continue;
    const known = index.get(element);
    if (known) known.push(item);
    else index.set(element, [item]);
  }
  return index;
}
