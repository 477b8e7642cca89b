import { groupResourceString, is } from '@kubephant/api';
import type { Client } from '@kubephant/client';
import { cleanupFinalizer, setCondition } from '@kubephant/resources';
import type { CustomResourceDefinition } from '@kubephant/schema';
import type { Store } from '@kubephant/storage';

export interface CleanupDependencies {
  readonly store: Store;
  readonly client: Client;
}

export const isLeaving = ({ metadata }: CustomResourceDefinition): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(cleanupFinalizer);

/**
 * Deletes the objects of a definition that is to go. Resolves to how many are still there: those that their own
 * finalizers hold.
 */
export async function deleteInstances(
  { spec }: CustomResourceDefinition,
  { store, client }: CleanupDependencies,
  signal: AbortSignal,
): Promise<number> {
  const { group, names, scope } = spec;
  const resource = groupResourceString({ group, resource: names.plural });
  const version = spec.versions.find(({ served }) => served)?.name;
  const ref = {
    group,
    version: version ?? '',
    plural: names.plural,
    kind: names.kind,
    namespaced: scope !== 'Cluster',
  };
  const instances = client.resource(ref);
  const { items } = await store.list({ resource });
  for (const { key, object } of items) {
    if (object.metadata.deletionTimestamp) continue;
    const { namespace, name } = key;
    // A definition that serves no version has objects that nobody but the store can reach.
    if (version === undefined) await store.delete(key).catch(ignoreNotFound);
    else await instances.delete({ name, ...(namespace && { namespace }) }, signal).catch(ignoreNotFound);
  }
  return (await store.list({ resource })).items.length;
}

function ignoreNotFound(err: unknown): void {
  if (!is('NotFound', err)) throw err;
}

/** What is known of the objects of a definition that is to go. Changes `crd`. */
export function reportCleanup(crd: CustomResourceDefinition, left: number, now: Date): void {
  const done = left === 0;
  const progress = done
    ? { status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' }
    : {
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      };
  setCondition(crd, { type: 'Terminating', ...progress }, now);
  if (done) crd.metadata.finalizers = (crd.metadata.finalizers ?? []).filter((one) => one !== cleanupFinalizer);
}
