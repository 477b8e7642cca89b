import { groupResourceString, type KubeObject } from '@kubephant/api';
import { newGroup, untilAborted, type Group, type Run } from '@kubephant/base';
import type { Client, ResourceClient, ResourceRef } from '@kubephant/client';
import type { ListerWatcher, SharedInformer } from './informer';
import { newSharedInformer, type InformerDeps } from './shared-informer';

/** What part of a resource an informer keeps. */
export interface InformerSelection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** The informers of one process: one per resource and selection, however many ask for it. */
export interface Informers {
  /** May be called before and while `run` is going. */
  of<T extends KubeObject>(ref: ResourceRef<T>, selection?: InformerSelection): SharedInformer<T>;
  /** Runs every informer until aborted. */
  readonly run: Run;
  /** Resolves when every informer asked for so far has its first list. */
  synced(signal: AbortSignal): Promise<void>;
}

const watchTimeoutSeconds = { min: 300, max: 600 };

/** A resource, or the selected part of it, as the API server has it. Watches ask for bookmarks and end after 5 to 10 minutes. */
export function listerWatcher<T extends KubeObject>(
  resource: ResourceClient<T>,
  selection: InformerSelection = {},
  random: () => number = Math.random,
): ListerWatcher<T> {
  const { min, max } = watchTimeoutSeconds;
  return {
    list: (options, signal) => resource.list({ ...selection, ...options }, signal),
    watch: ({ resourceVersion }, signal) =>
      resource.watch(
        {
          ...selection,
          resourceVersion,
          allowWatchBookmarks: true,
          timeoutSeconds: Math.round(min + (max - min) * random()),
        },
        signal,
      ),
  };
}

/** Drops managedFields before an object is kept: no component reads them, and they are often most of its bytes. */
export function withoutManagedFields<T extends KubeObject>(obj: T): T {
  if (!obj.metadata.managedFields) return obj;
  const { managedFields: _, ...metadata } = obj.metadata;
  return { ...obj, metadata };
}

export function newInformers(client: Client, deps: InformerDeps): Informers {
  const informers = new Map<string, SharedInformer<KubeObject>>();
  let group: Group | undefined;

  const start = (name: string, informer: SharedInformer<KubeObject>): void =>
    group?.go(`informer ${name}`, (signal) => informer.run(signal));

  return {
    of<T extends KubeObject>(ref: ResourceRef<T>, selection: InformerSelection = {}) {
      const { group: apiGroup, version, plural } = ref;
      const name = [
        groupResourceString({ group: apiGroup, resource: plural }),
        version,
        JSON.stringify(selection),
      ].join(' ');
      const known = informers.get(name);
      if (known) return known as object as SharedInformer<T>;
      const informer = newSharedInformer<T>(
        { name, source: listerWatcher(client.resource(ref), selection), transform: withoutManagedFields },
        deps,
      );
      informers.set(name, informer as object as SharedInformer<KubeObject>);
      start(name, informer as object as SharedInformer<KubeObject>);
      return informer;
    },
    async run(signal) {
      group = newGroup(signal);
      // Keeps the group open for informers that are asked for later.
      group.go('informers', untilAborted);
      for (const [name, informer] of informers) start(name, informer);
      await group.wait();
    },
    async synced(signal) {
      await Promise.all([...informers.values()].map((informer) => informer.synced(signal)));
    },
  };
}
