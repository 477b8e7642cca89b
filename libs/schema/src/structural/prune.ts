import { isObject, type JsonObject } from '../patch/json';
import {
  additionalOf,
  isEmbedded,
  isPreserving,
  propertyOf,
  takesAdditional,
  typeMetaFields,
  type StructuralSchema,
} from './form';

/**
 * Takes away what the form does not know, in place. `isResource`: the value stands alone, so `apiVersion`, `kind` and
 * `metadata` stay as they are. Whether anything was taken is the answer.
 */
export function prune(value: unknown, schema: StructuralSchema | undefined, isResource = false): boolean {
  if (Array.isArray(value)) {
    const items = schema?.items;
    const inside = (item: unknown): boolean =>
      schema && isPreserving(schema) && !items ? false : prune(item, items, false);
    return value.map(inside).includes(true);
  }
  return isObject(value) && pruneObject(value, schema, isResource);
}

function pruneObject(value: JsonObject, schema: StructuralSchema | undefined, isResource: boolean): boolean {
  const isWhole = isResource || (schema !== undefined && isEmbedded(schema));
  let pruned = false;
  for (const key of Object.keys(value)) {
    if (isWhole && typeMetaFields.includes(key)) continue;
    pruned = pruneMember(value, key, schema) || pruned;
  }
  return pruned;
}

function pruneMember(value: JsonObject, key: string, schema: StructuralSchema | undefined): boolean {
  const property = schema && propertyOf(schema, key);
  if (property) return prune(value[key], property);
  if (schema && takesAdditional(schema)) return prune(value[key], additionalOf(schema));
  if (schema && isPreserving(schema)) return false;
  return Reflect.deleteProperty(value, key);
}
