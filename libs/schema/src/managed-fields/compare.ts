import { emptyAsGiven } from '../json/convert';
import { equalJson, own, type JsonObject } from '../patch/json';
import type { Field, ListSchema, MapSchema, ObjectSchema, Schema } from '../schema';
import { FieldSetBuilder, isEmpty, recursiveDifference, union, type FieldSet } from './field-set';
import { fieldElement } from './path-element';
import { asList, asMap, childSchema, declaredField, indexItems, isAtomic, isBlank, shapeOf } from './typed';

/** Which paths differ between two objects. Containers that come or go are listed as well as what they hold. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export function compare(schema: Schema, before: unknown, after: unknown): Comparison {
  const walk = {
    added: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    removed: new FieldSetBuilder(),
  };
  visit(schema, before, after, walk);
  return { added: walk.added.build(), modified: walk.modified.build(), removed: walk.removed.build() };
}

export const changed = ({ added, modified }: Comparison): FieldSet => union(modified, added);

/** The comparison without what lies in or below the paths of a set. */
export function without({ added, modified, removed }: Comparison, ignored: FieldSet): Comparison {
  return {
    added: recursiveDifference(added, ignored),
    modified: recursiveDifference(modified, ignored),
    removed: recursiveDifference(removed, ignored),
  };
}

interface Walk {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

function enter({ added, modified, removed }: Walk, element: string): void {
  added.enter(element);
  modified.enter(element);
  removed.enter(element);
}

function leave({ added, modified, removed }: Walk): void {
  added.leave();
  modified.leave();
  removed.leave();
}

/** `undefined` is absent, `null` is there. */
function visit(schema: Schema, before: unknown, after: unknown, walk: Walk): void {
  if (before === after) return;
  if (before === undefined) {
    walk.added.graft(everyPath(schema, after));
    return;
  }
  if (after === undefined) {
    walk.removed.graft(everyPath(schema, before));
    return;
  }
  const shape = shapeOf(schema, before, after);
  if (shape === 'scalar' || isAtomic(shape) || (isBlank(before) && isBlank(after))) {
    leaf(before, after, walk);
    return;
  }
  if (shape.type === 'list') visitItems(shape, asList(before) ?? [], asList(after) ?? [], walk);
  else visitFields(shape, asMap(before), asMap(after), walk);
}

function leaf(before: unknown, after: unknown, { added, modified, removed }: Walk): void {
  if (before === undefined) added.insert();
  else if (after === undefined) removed.insert();
  else if (!equalJson(before, after)) modified.insert();
}

/** The node of a value that came or went as a whole: it, and all that it holds. */
function everyPath(schema: Schema, value: unknown): FieldSet {
  const shape = shapeOf(schema, value);
  if (shape === 'scalar' || isAtomic(shape) || isBlank(value)) return {};
  const children =
    shape.type === 'list' ? everyItem(shape, asList(value) ?? []) : everyField(shape, asMap(value) ?? {});
  return isEmpty(children) ? children : { '.': {}, ...children };
}

function everyItem(list: ListSchema, values: readonly unknown[]): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const [element, items] of indexItems(list, values))
    children[element] = items.length > 1 ? {} : everyPath(list.items, items[0]);
  return children;
}

function everyField(shape: ObjectSchema | MapSchema, map: JsonObject): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const key of Object.keys(map)) {
    const value = valueAt(map, key, declaredField(shape, key));
    if (value !== undefined) children[fieldElement(key)] = everyPath(childSchema(shape, key), value);
  }
  return children;
}

function visitFields(
  shape: ObjectSchema | MapSchema,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  walk: Walk,
): void {
  const keys = after ? Object.keys(after) : [];
  if (before) for (const key of Object.keys(before)) if (!after || !Object.hasOwn(after, key)) keys.push(key);
  for (const key of keys) {
    const field = declaredField(shape, key);
    enter(walk, fieldElement(key));
    visit(childSchema(shape, key), valueAt(before, key, field), valueAt(after, key, field), walk);
    leave(walk);
  }
}

/**
 * What upstream's typed object has there: fields that are always written are there even when they are left out, and
 * empty when they were given so, although what is stored of that is null.
 */
function valueAt(map: JsonObject | undefined, key: string, field: Field | undefined): unknown {
  if (!map) return undefined;
  const value = own(map, key);
  if (!field?.zero || field.zero === 'omit') return value;
  if (value === undefined) return field.zero === 'null' ? null : zeroOf(field.schema);
  return value ?? emptyAsGiven(map, key) ?? null;
}

const zeros: Readonly<Partial<Record<Schema['type'], unknown>>> = {
  object: {},
  map: null,
  list: null,
  boolean: false,
  integer: 0,
  number: 0,
  any: null,
  time: null,
  microTime: null,
};

const zeroOf = (schema: Schema): unknown => (Object.hasOwn(zeros, schema.type) ? zeros[schema.type] : '');

function visitItems(list: ListSchema, before: readonly unknown[], after: readonly unknown[], walk: Walk): void {
  const old = indexItems(list, before);
  const now = indexItems(list, after);
  for (const element of new Set([...now.keys(), ...old.keys()])) {
    const [left, right] = [old.get(element), now.get(element)];
    enter(walk, element);
    // Items that share an element cannot be told apart: they are compared as one.
    if ((left?.length ?? 0) > 1 || (right?.length ?? 0) > 1) leaf(left, right, walk);
    else visit(list.items, left?.[0], right?.[0], walk);
    leave(walk);
  }
}
