import { put, type JsonObject } from '../patch/json';
import type { ListSchema, MapSchema, ObjectSchema, Schema } from '../schema';
import { childrenOf, elements, isEmpty, isMember, type FieldSet } from './field-set';
import { fieldElement } from './path-element';
import { asList, asMap, childSchema, declaredField, elementOf, shapeOf } from './typed';

/** The value without the paths of a set; null where nothing is left. What is in it and loses everything stays, empty. */
export function removeItems(schema: Schema, value: unknown, set: FieldSet): unknown {
  if (isEmpty(set)) return value;
  const shape = shapeOf(schema, value);
  if (shape === 'scalar') return value;
  return shape.type === 'list' ? removeFromList(shape, value, set) : removeFromMap(shape, value, set);
}

function emptied(schema: Schema, value: unknown, set: FieldSet): unknown {
  const left = removeItems(schema, value, set);
  if (left !== null || typeof value !== 'object') return left;
  return Array.isArray(value) ? [] : value && {};
}

function removeFromMap(shape: ObjectSchema | MapSchema, value: unknown, set: FieldSet): unknown {
  const kept: JsonObject = {};
  for (const [key, child] of Object.entries(asMap(value) ?? {})) {
    const node = set[fieldElement(key)];
    if (isMember(node)) continue;
    put(kept, key, node ? emptied(childSchema(shape, key), child, childrenOf(node)) : child);
  }
  return isEmpty(kept as FieldSet) ? null : kept;
}

function removeFromList(list: ListSchema, value: unknown, set: FieldSet): unknown {
  const kept: unknown[] = [];
  for (const item of asList(value) ?? []) {
    const element = elementOf(list, item);
    const node = typeof element === 'string' ? set[element] : undefined;
    if (isMember(node)) continue;
    kept.push(node ? emptied(list.items, item, childrenOf(node)) : item);
  }
  return kept.length === 0 ? null : kept;
}

/**
 * The set with every declared field that has children as a member of its own. Removing such a set removes the field
 * with its last content, and owning a part of a field keeps the field.
 */
export function withNamedFields(schema: Schema, set: FieldSet): FieldSet {
  const shape = shapeOf(schema);
  const named: Record<string, FieldSet> = {};
  for (const element of elements(set)) {
    const node = set[element] ?? {};
    const field = element.startsWith('f:') ? declaredField(shape, element.slice(2)) : undefined;
    const below = withNamedFields(schemaBelow(schema, element), childrenOf(node));
    const member = isMember(node) || field !== undefined;
    named[element] = member && !isEmpty(below) ? { '.': {}, ...below } : below;
  }
  return named;
}

function schemaBelow(schema: Schema, element: string): Schema {
  if (schema.type === 'list' && element.startsWith('k:')) return schema.items;
  if ((schema.type === 'object' || schema.type === 'map') && element.startsWith('f:'))
    return childSchema(schema, element.slice(2));
  return { type: 'any' };
}
