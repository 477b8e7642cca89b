import { badRequest } from '@kubephant/api';
import { applyPatch, type Operation } from 'rfc6902';
import type { Patch } from '../client';
import { wireCopy } from './wire-copy';

type Json = Record<string, unknown>;

/** Lists of objects that a strategic merge patch merges, with the field that identifies an element. */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: 'type',
  ownerReferences: 'uid',
  addresses: 'type',
  containers: 'name',
  volumes: 'name',
  env: 'name',
};

/**
 * The object that `patch` makes of `obj`. Strategic patches know only the lists in `mergeKeys` and `finalizers`; server-side
 * apply is not there.
 */
export function applyFakePatch<T extends object>(obj: T, patch: Patch): T {
  switch (patch.type) {
    case 'json':
      return jsonPatched(obj, patch.body as readonly Operation[]);
    case 'merge':
      return merged(obj, patch.body, false) as T;
    case 'strategic':
      return merged(obj, patch.body, true) as T;
    case 'apply':
      throw badRequest('the fake cluster has no server-side apply');
  }
}

function jsonPatched<T extends object>(obj: T, operations: readonly Operation[]): T {
  const copy = wireCopy(obj);
  const failed = applyPatch(copy, [...operations]).find((err) => err !== null);
  if (failed) throw badRequest(`json patch failed: ${failed.message}`);
  return copy;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(target: unknown, patch: unknown, strategic: boolean): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    const primitive = /^\$deleteFromPrimitiveList\/(.+)$/.exec(key)?.[1];
    if (primitive) result[primitive] = without(result[primitive], value);
    else if (key.startsWith('$')) continue;
    else if (value === null) Reflect.deleteProperty(result, key);
    else if (strategic && Array.isArray(value)) result[key] = mergedList(key, result[key], value);
    else result[key] = merged(result[key], value, strategic);
  }
  return result;
}

const without = (list: unknown, removed: unknown): unknown =>
  Array.isArray(list) && Array.isArray(removed) ? list.filter((item) => !removed.includes(item)) : list;

function mergedList(field: string, target: unknown, patch: readonly unknown[]): unknown {
  const current: readonly unknown[] = Array.isArray(target) ? target : [];
  if (field === 'finalizers') return [...new Set([...current, ...patch])];
  const mergeKey = mergeKeys[field];
  if (!mergeKey) return patch;
  const result = current.filter(isObject);
  for (const item of patch.filter(isObject)) {
    const at = result.findIndex((other) => other[mergeKey] === item[mergeKey]);
    if (item['$patch'] === 'delete') result.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) result.push(merged({}, item, true) as Json);
    else result[at] = merged(result[at], item, true) as Json;
  }
  return result;
}
