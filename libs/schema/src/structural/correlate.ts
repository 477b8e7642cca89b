import { equalJson, isObject, own } from '../patch/json';
import type { StructuralSchema } from './form';

/**
 * The old value that an item of a list is compared with: the one of the same keys in a map list, the same value in a
 * set. Items of other lists have none, since nothing says which was which (KEP-4008).
 */
export function oldItem(schema: StructuralSchema, item: unknown, old: unknown): unknown {
  if (!Array.isArray(old)) return undefined;
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return old.find((other: unknown) => equalJson(other, item));
  if (listType !== 'map' || !isObject(item)) return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return old.find(
    (other: unknown) => isObject(other) && keys.every((key) => equalJson(own(other, key), own(item, key))),
  );
}

export const oldMember = (old: unknown, key: string): unknown => (isObject(old) ? own(old, key) : undefined);
