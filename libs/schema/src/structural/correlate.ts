import { isObject, own } from '../patch/json';
import type { StructuralSchema } from './form';
import { sortedByName } from './sorted';

/** What an item of a list was before; undefined: it was not there, or nobody can say which it was. */
export type OldItem = (item: unknown) => unknown;

const unknown: OldItem = () => undefined;

/**
 * Finds the old values that the items of a list are compared with: of the same keys in a map list, the same value in a
 * set. Items of other lists have none, since nothing says which was which (KEP-4008).
 */
export function oldItemsOf(schema: StructuralSchema, old: unknown): OldItem {
  const identity = identityOf(schema);
  if (!Array.isArray(old) || !identity) return unknown;
  const byIdentity = new Map(old.toReversed().map((item: unknown) => [identity(item), item]));
  return (item) => byIdentity.get(identity(item));
}

/** A text that is the same for the same item; none where items have no identity. */
function identityOf(schema: StructuralSchema): ((item: unknown) => string) | undefined {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return (item) => JSON.stringify(sortedByName(item));
  if (listType !== 'map') return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return (item) => (isObject(item) ? JSON.stringify(keys.map((key) => own(item, key) ?? null)) : '');
}

export const oldMember = (old: unknown, key: string): unknown => (isObject(old) ? own(old, key) : undefined);
