import { Gauge, type Metrics } from '@kubephant/base';
import type { HealthCheck } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { autoregistration, bootstrapSteps } from './bootstrap/run';

/** Ready: the database answers, what decisions rest on is in memory, and the cluster has what it starts with. */
export function readiness(
  store: Store,
  views: readonly { readonly synced: boolean }[],
  done: ReadonlySet<string>,
): readonly HealthCheck[] {
  return [
    {
      // Upstream's name for the store, whatever it is: probes exclude it by that.
      name: 'etcd',
      // A linearizable read, so the answer comes from the database.
      check: async () => {
        await store.list({ resource: 'namespaces', limit: 1 });
      },
    },
    { name: 'informer-sync', check: () => demand(views.every(({ synced }) => synced)) },
    ...[...bootstrapSteps, autoregistration].map((step) => ({
      name: `poststarthook/${step}`,
      check: () => demand(done.has(step)),
    })),
  ];
}

function demand(finished: boolean): void {
  if (!finished) throw new Error('not finished');
}

export function collectStorageObjects({ registry }: Metrics, store: Store): void {
  new Gauge({
    name: 'apiserver_storage_objects',
    help: 'Number of stored objects at the time of last check split by kind.',
    labelNames: ['resource'],
    registers: [registry],
    collect() {
      for (const [resource, count] of store.counts()) this.set({ resource }, count);
    },
  });
}
