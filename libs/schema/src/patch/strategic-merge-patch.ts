import { badRequest } from '@kubephant/api';
import type { Field, ObjectSchema, Schema } from '../schema';
import { checkDepth, formatGo, goTypeOf, isObject, own, put, wrongBody, type JsonObject } from './json';
import { listMerger } from './strategic-lists';
import { deletion, directive, isDirective, order, plainError, retain } from './strategic-directives';

/**
 * Strategic merge patch (upstream's sig-api-machinery/strategic-merge-patch.md): a merge patch whose lists merge by
 * the schema's merge keys, with the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and
 * `$deleteFromPrimitiveList/…`. Returns a new object that shares what the patch left alone; neither argument is
 * changed. Throws BadRequest for a patch of the wrong form, else upstream's 500s that have a message and no reason.
 */
export function applyStrategicMergePatch<T extends object>(schema: ObjectSchema, original: T, patch: unknown): T {
  if (patch === null) return original;
  if (!isObject(patch)) throw wrongBody(patch, 'map[string]interface {}', '');
  return mergeMaps({ schema, original: original as JsonObject, patch, depth: 0 }) as T;
}

interface Merge {
  readonly schema: Schema | undefined;
  readonly original: JsonObject;
  readonly patch: JsonObject;
  readonly depth: number;
}

function mergeMaps(merge: Merge): JsonObject {
  checkDepth(merge.depth);
  const replaced = wholePatch(merge.patch);
  if (replaced) return replaced;
  const merged = retainKeys(merge.original, merge.patch);
  const done = applyElementOrders(merge, merged);
  for (const [key, value] of Object.entries(merge.patch)) {
    if (key === retain || key.startsWith(order) || done.has(key)) continue;
    if (key.startsWith(deletion)) deleteFromList(merge, merged, key, value);
    else mergeValue(merge, merged, key, value);
  }
  return merged;
}

/** What `$patch` makes of the map: replaced by the rest, or emptied. */
function wholePatch(patch: JsonObject): JsonObject | undefined {
  const what = own(patch, directive);
  if (what === undefined) return undefined;
  if (what === 'delete') return {};
  if (what !== 'replace') throw plainError(`unknown patch type: ${formatGo(what)} in map: ${formatGo(patch)}`);
  const { [directive]: _, ...rest } = patch;
  return rest;
}

/** A copy of the original with only the fields that `$retainKeys` lists; they must cover what the patch gives. */
function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  if (!Object.hasOwn(patch, retain)) return { ...original };
  const listed: unknown = patch[retain];
  const keys = new Set<unknown>(Array.isArray(listed) ? listed : []);
  const uncovered = Object.keys(patch).some(
    (key) => patch[key] !== null && key !== retain && !isDirective(key) && !keys.has(key),
  );
  if (uncovered || !Array.isArray(listed)) throw badRequest('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.has(key)));
}

/** Orders the lists that `$setElementOrder/…` names, merging their patches on the way; returns their names. */
function applyElementOrders(merge: Merge, merged: JsonObject): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [key, wanted] of Object.entries(merge.patch)) {
    if (!key.startsWith(order)) continue;
    const name = key.slice(order.length);
    if (name === '' || name.includes('/')) throw badRequest('invalid patch format of setElementOrder list');
    const current = listAt(merged, name);
    const patch = listAt(merge.patch, name);
    done.add(name);
    const field = fieldOf(merge.schema, name);
    const ordered = listMerger(field, mergeElement(field, merge.depth)).ordered(current, patch, asList(wanted));
    if (ordered) put(merged, name, ordered);
  }
  return done;
}

function listAt(object: JsonObject, key: string): readonly unknown[] | undefined {
  return Object.hasOwn(object, key) ? asList(object[key]) : undefined;
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw plainError(`expected a []interface {}, but received a ${goTypeOf(value)}`);
}

function deleteFromList(merge: Merge, merged: JsonObject, key: string, value: unknown): void {
  const name = key.slice(deletion.length);
  if (name === '' || name.includes('/')) throw badRequest('invalid patch format of primitive list');
  const current = own(merged, name);
  if (!Array.isArray(current) || !Array.isArray(value)) return;
  const doomed = new Set<unknown>(value);
  put(
    merged,
    name,
    current.filter((item) => !doomed.has(item)),
  );
}

function mergeValue(merge: Merge, merged: JsonObject, key: string, value: unknown): void {
  if (value === null) {
    Reflect.deleteProperty(merged, key);
    return;
  }
  const current = own(merged, key);
  if (isObject(current) && isObject(value)) put(merged, key, mergeObjects(merge, key, [current, value]));
  else if (Array.isArray(current) && Array.isArray(value)) put(merged, key, mergeLists(merge, key, [current, value]));
  else put(merged, key, withoutDirectives(value, merge.depth));
}

function mergeObjects({ schema, depth }: Merge, key: string, [original, patch]: [JsonObject, JsonObject]): JsonObject {
  const field = fieldOf(schema, key);
  if (field.patchStrategy?.includes('replace') === true) return withoutNulls(patch, depth) as JsonObject;
  return mergeMaps({ schema: field.schema, original, patch, depth: depth + 1 });
}

function mergeLists({ schema, depth }: Merge, key: string, [original, patch]: [unknown[], unknown[]]): unknown {
  const field = fieldOf(schema, key);
  if (field.patchStrategy?.includes('merge') !== true) return patch;
  return listMerger(field, mergeElement(field, depth)).merged(original, patch);
}

function mergeElement(field: Pick<Field, 'schema'>, depth: number): (a: JsonObject, b: JsonObject) => JsonObject {
  const schema = field.schema.type === 'list' ? field.schema.items : field.schema;
  return (original, patch) => mergeMaps({ schema, original, patch, depth: depth + 1 });
}

/** How the value of that key is patched: what the schema says, or a plain map's element. */
function fieldOf(schema: Schema | undefined, key: string): Field {
  if (schema?.type === 'map') return { name: key, schema: schema.values };
  const field = schema?.type === 'object' ? schema.fields.get(key) : undefined;
  if (field) return field;
  const named = schema?.type === 'object' || schema?.type === 'any' ? schema.name : undefined;
  const type = named?.slice(named.lastIndexOf('.') + 1) ?? '';
  throw plainError(`unable to find api field in struct ${type} for the json field ${JSON.stringify(key)}`);
}

/** A value that is new as a whole: nulls have nothing to delete in it, and directives nothing to direct. */
function withoutDirectives(value: unknown, depth: number): unknown {
  checkDepth(depth);
  if (Array.isArray(value))
    return value.filter((item) => !isDoomed(item)).map((item) => withoutDirectives(item, depth + 1));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, inner] of Object.entries(value))
    if (inner !== null && key !== directive && key !== retain && !isDirective(key) && !isDoomed(inner))
      put(kept, key, withoutDirectives(inner, depth + 1));
  return kept;
}

const isDoomed = (value: unknown): boolean => isObject(value) && own(value, directive) === 'delete';

function withoutNulls(value: unknown, depth: number): unknown {
  checkDepth(depth);
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, depth + 1));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== null) put(kept, key, withoutNulls(inner, depth + 1));
  return kept;
}
