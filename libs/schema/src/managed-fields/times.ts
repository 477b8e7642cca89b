import type { KubeObject, ManagedFieldsEntry } from '@kubephant/api';
import { equalJson } from '../patch/json';

const timeless = (entries: readonly ManagedFieldsEntry[] | undefined): readonly ManagedFieldsEntry[] =>
  (entries ?? []).map(({ time: _, ...entry }) => entry);

/**
 * The object to store: where it differs from the stored one by nothing but times in managedFields, with the old times,
 * so that it need not be written at all.
 */
export function keepTimes<T extends KubeObject>(live: T, next: T): T {
  const { managedFields: old, ...before } = live.metadata;
  const { managedFields: now, ...after } = next.metadata;
  const same =
    equalJson(timeless(old), timeless(now)) && equalJson({ ...live, metadata: before }, { ...next, metadata: after });
  if (!same || old === undefined) return next;
  return { ...next, metadata: { ...next.metadata, managedFields: old } };
}
