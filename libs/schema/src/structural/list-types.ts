import { isObject, own } from '../patch/json';
import { additionalOf, propertyOf, type StructuralSchema } from './form';
import { duplicateAt, invalidAt, type Issue } from './issue';

/** Items that a set or a map list has twice, and items of map lists that are no objects. */
export function validateListTypes(schema: StructuralSchema, value: unknown, at = ''): readonly Issue[] {
  if (Array.isArray(value)) return [...checkItems(schema, value, at), ...inside(schema, value, at)];
  if (!isObject(value)) return [];
  const additional = additionalOf(schema);
  return Object.entries(value).flatMap(([key, member]) => {
    const property = propertyOf(schema, key);
    if (property) return validateListTypes(property, member, at ? `${at}.${key}` : key);
    return additional ? validateListTypes(additional, member, `${at}[${key}]`) : [];
  });
}

const inside = ({ items }: StructuralSchema, list: readonly unknown[], at: string): readonly Issue[] =>
  items ? list.flatMap((item, index) => validateListTypes(items, item, `${at}[${index}]`)) : [];

function checkItems(schema: StructuralSchema, list: readonly unknown[], at: string): readonly Issue[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return twins(list, at, (item) => item);
  if (listType !== 'map') return [];
  const stranger = list.findIndex((item) => item !== null && !isObject(item));
  if (stranger >= 0) {
    return [invalidAt(`${at}[${stranger}]`, list[stranger], 'must be an object for an array of list-type map')];
  }
  return twins(list, at, (item) => keysOf(schema, item));
}

/** What identifies an item of a map list: its keys, with the values that are there. */
function keysOf(schema: StructuralSchema, item: unknown): unknown {
  if (!isObject(item)) return {};
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return Object.fromEntries(keys.map((key) => [key, own(item, key)]).filter(([, value]) => value !== undefined));
}

/** The first item that was there before, of each that was. */
function twins(list: readonly unknown[], at: string, identity: (item: unknown) => unknown): readonly Issue[] {
  const seen = new Map<string, number>();
  return list.flatMap((item, index) => {
    const shown = identity(item);
    const key = JSON.stringify(shown);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times === 1 ? [duplicateAt(`${at}[${index}]`, shown)] : [];
  });
}
