import { isDeepStrictEqual } from 'node:util';
import { is } from '@kubephant/api';
import type { Clock, Logger } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { ResourceDefinition } from '@kubephant/resources';
import { schemaOfKind, trackUpdate, type CustomResourceDefinition } from '@kubephant/schema';
import type { Change, Store, StoreKey } from '@kubephant/storage';
import type { View } from '../views/view';
import { deleteInstances, isLeaving, reportCleanup } from './cleanup';
import { takenBy, type TakenNames } from './names';
import { withConditions } from './status';
import { newWorkList, type WorkList } from './work-list';

export interface RunDependencies {
  readonly store: Store;
  readonly view: View<CustomResourceDefinition>;
  readonly rows: readonly ResourceDefinition[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** How soon objects that are held by finalizers, and definitions that could not be written, are looked at again. */
const againMs = 500;

const keyOf = (name: string): StoreKey => ({
  resource: 'customresourcedefinitions.apiextensions.k8s.io',
  namespace: '',
  name,
});

/** The definitions that have to be looked at: those that changed, and those whose names they may free or take. */
export function followDefinitions(view: View<CustomResourceDefinition>): WorkList {
  const work = newWorkList();
  view.onChange((before, after) => {
    const { group } = (after ?? before)?.spec ?? {};
    for (const crd of view.values()) if (crd.spec.group === group) work.add(crd.metadata.name);
  });
  return work;
}

/**
 * Gives definitions their names and conditions, and deletes what is left of those that go. Any number of servers may
 * run it: each comes to the same.
 */
export async function runDefinitions(
  work: WorkList,
  client: Client,
  dependencies: RunDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { view, clock, log } = dependencies;
  const isUnfinished = async (crd: CustomResourceDefinition): Promise<boolean> => {
    try {
      return await reconcile(crd, client, dependencies, signal);
    } catch (err) {
      if (!signal.aborted) log.warn('custom resource definition not reconciled', { name: crd.metadata.name, err });
      return true;
    }
  };
  while (!signal.aborted) {
    const names = await work.take(signal);
    for (const name of names) {
      const crd = view.get({ name });
      if (crd && (await isUnfinished(crd))) work.add(name);
    }
    if (work.size > 0) await clock.sleep(againMs, signal);
  }
}

/** Whether there is more to do later. */
async function reconcile(
  crd: CustomResourceDefinition,
  client: Client,
  dependencies: RunDependencies,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, view, rows, clock } = dependencies;
  const now = new Date(clock.now());
  if (isLeaving(crd)) {
    const left = await deleteInstances(crd, { store, client }, signal);
    await change(store, crd, now, (current) => reportCleanup(current, left, now));
    return left > 0;
  }
  const taken = takenBy(view.values(), crd, builtInNames(rows, crd.spec.group));
  if (isDeepStrictEqual(withConditions(crd, taken, now), crd)) return false;
  await change(store, crd, now, (current) => {
    current.status = withConditions(current, taken, now).status ?? {};
  });
  return false;
}

/** Changes a definition that is still the same one. */
async function change(
  store: Store,
  { metadata }: CustomResourceDefinition,
  now: Date,
  edit: (current: CustomResourceDefinition) => void,
): Promise<void> {
  const decide = (current: CustomResourceDefinition | undefined): Change<CustomResourceDefinition> => {
    if (current?.metadata.uid !== metadata.uid) return 'unchanged';
    const next = structuredClone(current);
    edit(next);
    ownStatus(current, next, now);
    const isFree = next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
    return isFree ? { remove: next } : { to: next };
  };
  await store.guaranteedUpdate(keyOf(metadata.name), decide).catch((err: unknown) => {
    if (!is('NotFound', err)) throw err;
  });
}

/** The server owns what it says of a definition, as if it had written it to the status. */
function ownStatus(live: CustomResourceDefinition, next: CustomResourceDefinition, now: Date): void {
  const apiVersion = 'apiextensions.k8s.io/v1';
  const schema = schemaOfKind(apiVersion, 'CustomResourceDefinition');
  if (!schema) return;
  const write = { schema, apiVersion, manager: 'kube-apiserver', subresource: 'status', resetFields: { 'f:spec': {} } };
  const owned = trackUpdate({ ...write, live, next, now: now.getTime() });
  if (owned) next.metadata.managedFields = owned;
}

/** Names of a group that belong to rows. */
function builtInNames(rows: readonly ResourceDefinition[], group: string): TakenNames {
  const own = rows.filter((row) => row.group === group);
  return {
    resources: new Set(own.flatMap(({ names }) => [names.plural, names.singular, ...(names.short ?? [])])),
    kinds: new Set(own.flatMap(({ kind }) => [kind, `${kind}List`])),
  };
}
