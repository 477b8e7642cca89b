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
  const strangers = list.flatMap((item, index) =>
    isObject(item) ? [] : [invalidAt(`${at}[${index}]`, item, 'must be an object for an array of list-type map')],
  );
  return strangers.length > 0 ? strangers : twins(list, at, (item) => keysOf(schema, item));
}

/** What identifies an item of a map list: its keys, with the values that are there. */
function keysOf(schema: StructuralSchema, item: unknown): unknown {
  if (!isObject(item)) return item;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return Object.fromEntries(keys.map((key) => [key, own(item, key)]).filter(([, value]) => value !== undefined));
}

/** Each item that was there before, once for each that it is a twin of. */
function twins(list: readonly unknown[], at: string, identity: (item: unknown) => unknown): readonly Issue[] {
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const shown = identity(item);
    const key = JSON.stringify(shown);
    if (seen.has(key)) return [duplicateAt(`${at}[${index}]`, shown)];
    seen.add(key);
    return [];
  });
}
