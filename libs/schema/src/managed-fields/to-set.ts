import type { ListSchema, MapSchema, ObjectSchema, Schema } from '../schema';
import { isEmpty, type FieldSet } from './field-set';
import { fieldElement } from './path-element';
import { asList, asMap, childSchema, declaredField, indexItems, isAtomic, shapeOf } from './typed';

/** The paths that an applied object speaks of: what its manager will own. */
export const toFieldSet = (schema: Schema, value: unknown): FieldSet => nodeOf(schema, value, false) ?? {};

/** `named`: whether the path to the value is spoken of even when there is more below it. Undefined: nothing is. */
function nodeOf(schema: Schema, value: unknown, named: boolean): FieldSet | undefined {
  const shape = shapeOf(schema, value);
  if (shape === 'scalar' || isAtomic(shape)) return {};
  const children = shape.type === 'list' ? itemsOf(shape, value) : fieldsOf(shape, value);
  if (isEmpty(children)) return named ? {} : undefined;
  return named ? { '.': {}, ...children } : children;
}

function itemsOf(list: ListSchema, value: unknown): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const [element, items] of indexItems(list, asList(value) ?? []))
    children[element] = (items.length === 1 && nodeOf(list.items, items[0], true)) || {};
  return children;
}

function fieldsOf(shape: ObjectSchema | MapSchema, value: unknown): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const [key, child] of Object.entries(asMap(value) ?? {})) {
    const named = isNullOrEmptyMap(child) || !declaredField(shape, key);
    const node = nodeOf(childSchema(shape, key), child, named);
    if (node) children[fieldElement(key)] = node;
  }
  return children;
}

function isNullOrEmptyMap(value: unknown): boolean {
  const map = asMap(value);
  return value === null || (map !== undefined && Object.keys(map).length === 0);
}
