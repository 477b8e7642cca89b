import { notFound, StatusError, type KubeObject } from '@kubephant/api';
import { abortable, newGroup, untilAborted, type Clock, type Group, type Logger, type Run } from '@kubephant/base';
import { configMaps, secrets, type Client, type ResourceRef } from '@kubephant/client';
import { listerWatcher, newSharedInformer, withoutManagedFields, type SharedInformer } from '@kubephant/informer';
import type { Pod } from '@kubephant/schema';
import type { ReferencedObjects } from '../pods/environment';
import { referencesOf, type Reference } from '../pods/references';

/**
 * The ConfigMaps and Secrets that the node's pods refer to, each kept by a watch of its own, as the Node authorizer lets
 * a kubelet: begun for the first pod that refers to it, ended with the last. One that says it never changes is read once.
 */
export interface ObjectWatches {
  /** The pod is here and refers to what it says now, and no more to what it said before. */
  register(pod: Pod): void;
  unregister(uid: string): void;
  /** Objects of registered pods as they are now; NotFound, or Timeout while the API does not say. */
  reader(signal: AbortSignal): ReferencedObjects;
  readonly run: Run;
}

/** How long a pod waits for the first sight of an object before it says what is wrong. */
const firstSightMs = 5000;

interface Watched {
  readonly informer: SharedInformer<KubeObject>;
  readonly pods: Set<string>;
  readonly stop: AbortController;
}

interface Deps {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
}

const refs: Readonly<Record<Reference['resource'], ResourceRef>> = { configmaps: configMaps, secrets };

export function newObjectWatches(deps: Deps): ObjectWatches {
  const watches = new Map<string, Watched>();
  const byPod = new Map<string, ReadonlySet<string>>();
  let group: Group | undefined;

  const start = (key: string, { informer, stop }: Watched): void =>
    group?.go(`watch of ${key}`, (signal) => informer.run(AbortSignal.any([signal, stop.signal])));

  const add = (key: string, reference: Reference, uid: string): void => {
    const known = watches.get(key);
    const watched = known ?? newWatch(deps, reference);
    watched.pods.add(uid);
    if (known) return;
    watches.set(key, watched);
    start(key, watched);
  };

  const release = (key: string, uid: string): void => {
    const watched = watches.get(key);
    watched?.pods.delete(uid);
    if (watched?.pods.size !== 0) return;
    watches.delete(key);
    watched.stop.abort();
  };

  const read = async <T extends KubeObject>(reference: Reference, signal: AbortSignal): Promise<T> => {
    const { resource, namespace, name } = reference;
    const watched = watches.get(keyOf(reference));
    if (!watched) {
      const title = `${JSON.stringify(namespace)}/${JSON.stringify(name)}`;
      throw new StatusError('InternalError', `object ${title} not registered`);
    }
    if (!watched.informer.hasSynced) await firstSight(watched.informer, resource, deps.clock, signal);
    const found = watched.informer.lister.get({ namespace, name });
    if (!found) throw notFound({ group: '', resource }, name);
    return found as T;
  };

  return {
    register(pod) {
      const { uid } = pod.metadata;
      const before = byPod.get(uid) ?? new Set();
      const references = new Map(referencesOf(pod).map((reference) => [keyOf(reference), reference]));
      for (const [key, reference] of references) add(key, reference, uid);
      byPod.set(uid, new Set(references.keys()));
      for (const key of before) if (!references.has(key)) release(key, uid);
    },
    unregister(uid) {
      for (const key of byPod.get(uid) ?? []) release(key, uid);
      byPod.delete(uid);
    },
    reader: (signal) => ({
      configMap: (namespace, name) => read({ resource: 'configmaps', namespace, name }, signal),
      secret: (namespace, name) => read({ resource: 'secrets', namespace, name }, signal),
    }),
    async run(signal) {
      group = newGroup(signal);
      group.go('object watches', untilAborted);
      for (const [key, watched] of watches) start(key, watched);
      await group.wait();
    },
  };
}

const keyOf = ({ resource, namespace, name }: Reference): string => `${resource}/${namespace}/${name}`;

function newWatch(deps: Deps, reference: Reference): Watched {
  const { resource, namespace, name } = reference;
  const selection = { namespace, fieldSelector: `metadata.name=${name}` };
  const source = listerWatcher(deps.client.resource(refs[resource]), selection);
  const informer = newSharedInformer({ name: keyOf(reference), source, transform: withoutManagedFields }, deps);
  const stop = new AbortController();
  const stopIfSettled = (obj: KubeObject & { readonly immutable?: boolean }): void => {
    if (obj.immutable) stop.abort();
  };
  informer.addEventHandler({ onAdd: stopIfSettled, onUpdate: (_, obj) => stopIfSettled(obj) });
  return { informer, pods: new Set(), stop };
}

async function firstSight(
  informer: SharedInformer<KubeObject>,
  resource: Reference['resource'],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const limit = clock.sleep(firstSightMs, either).then(() => over.abort());
  try {
    await abortable(informer.synced(either), either);
  } catch (err) {
    if (signal.aborted) throw err;
    const kind = resource.slice(0, -1);
    throw new StatusError('Timeout', `failed to sync ${kind} cache: timed out waiting for the condition`);
  } finally {
    over.abort();
    await limit;
  }
}
