import { badRequest } from '@kubephant/api';
import { checkDepth, isObject, own, put, wrongBody, type JsonObject } from './json';

/**
 * JSON merge patch (RFC 7386) of an object. Returns a new object that shares what the patch left alone; neither
 * argument is changed. Throws BadRequest when the patch is not an object.
 */
export function applyMergePatch<T extends object>(original: T, patch: unknown): T {
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isObject(patch)) throw wrongBody(patch, 'map[string]interface {}');
  return merge(original as JsonObject, patch, 0) as T;
}

function merge(original: JsonObject, patch: JsonObject, depth: number): JsonObject {
  checkDepth(depth);
  const merged = { ...original };
  for (const [key, value] of Object.entries(patch)) {
    const current = own(original, key);
    if (value === null) Reflect.deleteProperty(merged, key);
    else if (isObject(value)) put(merged, key, merge(isObject(current) ? current : {}, value, depth + 1));
    else put(merged, key, value);
  }
  return merged;
}
