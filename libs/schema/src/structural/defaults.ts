import { cloneJson, isObject, own, put, type JsonObject } from '../patch/json';
import { additionalOf, propertyOf, type StructuralSchema } from './form';

/**
 * Fills in what the form has defaults for, in place: what is absent, and what is null although the form does not take
 * null. Nulls of the latter kind that have no default are taken away from objects.
 */
export function setDefaults(value: unknown, schema: StructuralSchema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) fillItems(value, schema.items);
  else if (isObject(value)) fillObject(value, schema);
}

function fillItems(list: unknown[], items: StructuralSchema | undefined): void {
  list.forEach((item, index) => {
    if (isWrongNull(item, items) && items?.default !== undefined) list[index] = cloneJson(items.default);
    setDefaults(list[index], items);
  });
}

function fillObject(value: JsonObject, schema: StructuralSchema): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const found = own(value, name);
    if (found !== undefined && !isWrongNull(found, property)) continue;
    if (property.default !== undefined) put(value, name, cloneJson(property.default));
    else if (found === null) Reflect.deleteProperty(value, name);
  }
  const additional = additionalOf(schema);
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key) ?? additional;
    if (!isWrongNull(value[key], property)) setDefaults(value[key], property);
    else if (property?.default !== undefined) put(value, key, cloneJson(property.default));
    else Reflect.deleteProperty(value, key);
  }
}

const isWrongNull = (value: unknown, schema: StructuralSchema | undefined): boolean =>
  value === null && schema !== undefined && schema.nullable !== true;
