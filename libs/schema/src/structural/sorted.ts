import { isObject, put, type JsonObject } from '../patch/json';

/** Where upstream keeps values in Go's maps, it writes their keys in order. What is in order already is not copied. */
export function sortedByName(value: unknown): unknown {
  if (Array.isArray(value)) return sortedItems(value);
  return isObject(value) ? sortedObject(value) : value;
}

function sortedItems(list: readonly unknown[]): readonly unknown[] {
  const items = list.map(sortedByName);
  return items.every((item, index) => item === list[index]) ? list : items;
}

function sortedObject(value: JsonObject): JsonObject {
  const keys = Object.keys(value);
  const members = keys.map((key) => sortedByName(value[key]));
  const isSame = isInOrder(keys) && members.every((member, index) => member === value[keys[index] ?? '']);
  if (isSame) return value;
  const byName = keys.map((key, index) => [key, members[index]] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const result: JsonObject = {};
  for (const [key, member] of byName) put(result, key, member);
  return result;
}

function isInOrder(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return false;
  }
  return true;
}
