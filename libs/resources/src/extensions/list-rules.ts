import type { StructuralSchema } from '@kubephant/schema';
import { forbidden, invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import type { Path } from '../validation/path';

const listTypes = ['atomic', 'set', 'map'];
const mapTypes = ['atomic', 'granular'];
const listTypeName = 'x-kubernetes-list-type';
const mapTypeName = 'x-kubernetes-map-type';
const keysName = 'x-kubernetes-list-map-keys';

const typeMustBe = (schema: StructuralSchema, wanted: string, name: string, path: Path): Causes => {
  if (schema.type === wanted) return none;
  const detail = `must be ${wanted} if ${name} is specified`;
  const at = path.child('type');
  return [schema.type ? invalidValue(at, schema.type, detail) : required(at, detail)];
};

/** What x-kubernetes-map-type asks of the schema it stands in. */
export function validateMapType(schema: StructuralSchema, path: Path): Causes {
  const mapType = schema[mapTypeName];
  if (mapType === undefined) return none;
  return [
    ...typeMustBe(schema, 'object', mapTypeName, path),
    ...when(!mapTypes.includes(mapType), () => notSupported(path.child(mapTypeName), mapType, mapTypes)),
  ];
}

/** What x-kubernetes-list-type and the keys of map lists ask of the schema they stand in, and of its items. */
export function validateListType(schema: StructuralSchema, path: Path): Causes {
  return [
    ...validateOwnType(schema, path),
    ...validateKeysPresent(schema, path),
    ...(schema[listTypeName] === 'map' ? validateMapList(schema, path) : none),
    ...validateItems(schema, path),
  ];
}

function validateOwnType(schema: StructuralSchema, path: Path): Causes {
  const listType = schema[listTypeName];
  if (listType === undefined) return none;
  return [
    ...typeMustBe(schema, 'array', listTypeName, path),
    ...when(!listTypes.includes(listType), () => notSupported(path.child(listTypeName), listType, listTypes)),
  ];
}

function validateKeysPresent(schema: StructuralSchema, path: Path): Causes {
  const listType = schema[listTypeName];
  if (!schema[keysName]?.length || listType === 'map') return none;
  const at = path.child(listTypeName);
  const detail = `must be map if ${keysName} is non-empty`;
  return [listType === undefined ? required(at, detail) : invalidValue(at, listType, detail)];
}

function validateMapList(schema: StructuralSchema, path: Path): Causes {
  const { items } = schema;
  const keys = schema[keysName] ?? [];
  return [
    ...when(keys.length === 0, () => required(path.child(keysName), `must not be empty if ${listTypeName} is map`)),
    ...when(!items, () => required(path.child('items'), `must have a schema if ${listTypeName} is map`)),
    ...when(items !== undefined && items.type !== 'object', () =>
      invalidValue(
        path.child('items', 'type'),
        items?.type ?? '',
        `must be object if parent array's ${listTypeName} is map`,
      ),
    ),
    ...(items?.type === 'object' ? keys.flatMap((key, index) => validateKey(schema, keys, index, path)) : none),
  ];
}

function validateKey(schema: StructuralSchema, keys: readonly string[], index: number, path: Path): Causes {
  const key = keys[index] ?? '';
  const { properties } = schema.items ?? {};
  const property = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
  return [
    ...when(!property, () => invalidValue(path.child(keysName), keys, 'entries must all be names of item properties')),
    ...when(property?.type === 'array' || property?.type === 'object', () =>
      invalidValue(
        path.child('items', 'properties').key(key).child('type'),
        property?.type,
        `must be a scalar type if parent array's ${listTypeName} is map`,
      ),
    ),
    ...when(keys.indexOf(key) < index, () =>
      invalidValue(path.child(keysName), keys, 'must not contain duplicate entries'),
    ),
  ];
}

/** Items that have an identity are there, and their keys have a value. */
function validateItems(schema: StructuralSchema, path: Path): Causes {
  const { items } = schema;
  const listType = schema[listTypeName];
  if (!items || (listType !== 'set' && listType !== 'map')) return none;
  const at = path.child('items');
  return [
    ...when(items.nullable === true, () =>
      forbidden(at.child('nullable'), `cannot be nullable when ${listTypeName} is ${listType}`),
    ),
    ...(listType === 'set' ? validateSetItem(items, at) : validateKeyValues(schema, items, at)),
  ];
}

function validateSetItem(items: StructuralSchema, path: Path): Causes {
  const detail = `must be atomic as item of a list with ${listTypeName}=set`;
  const [listType, mapType] = [items[listTypeName], items[mapTypeName]];
  return [
    ...when(items.type === 'array' && listType !== undefined && listType !== 'atomic', () =>
      invalidValue(path.child(listTypeName), listType, detail),
    ),
    ...when(items.type === 'object' && mapType !== 'atomic', () =>
      invalidValue(path.child(mapTypeName), mapType, detail),
    ),
  ];
}

function validateKeyValues(schema: StructuralSchema, items: StructuralSchema, path: Path): Causes {
  return [...new Set(schema[keysName] ?? [])].flatMap((key) => {
    const { properties } = items;
    const property = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!property) return none;
    const at = path.child('properties').key(key);
    const needed = property.default === undefined && !items.required?.includes(key);
    const subject = `this property is in ${keysName}, so it`;
    return [
      ...when(needed, () => required(at.child('default'), `${subject} must have a default or be a required property`)),
      ...when(property.nullable === true, () => forbidden(at.child('nullable'), `${subject} cannot be nullable`)),
    ];
  });
}
