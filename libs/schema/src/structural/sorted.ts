import { isObject, put, type JsonObject } from '../patch/json';

/** Where upstream keeps values in Go's maps, it writes their keys in order. */
export function sortedByName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedByName);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort()) put(result, key, sortedByName(value[key]));
  return result;
}
