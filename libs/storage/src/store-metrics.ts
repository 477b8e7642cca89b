import { StatusError } from '@kubephant/api';
import { Gauge, type Counter, type Histogram, type Metrics } from '@kubephant/base';
import { groupResourceOf } from './keys';

export interface StoreMetricsSource {
  readonly revision: number;
  counts(): ReadonlyMap<string, number>;
}

const labels = ['group', 'resource'] as const;
const operationLabels = ['operation', 'group', 'resource'] as const;
/** [apiserver storage/etcd3/metrics] */
const requestBuckets = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const waitBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** The store under upstream's names, so that the dashboards that ask for etcd show whatever takes its place. */
export class StoreMetrics {
  readonly #requests: Histogram<'operation' | 'group' | 'resource'>;
  readonly #total: Counter<'operation' | 'group' | 'resource'>;
  readonly #errors: Counter<'operation' | 'group' | 'resource'>;
  readonly #reads: Counter<'group' | 'resource' | 'success' | 'fallback'>;
  readonly #waits: Histogram<'group' | 'resource'>;
  readonly #lists: Counter<'group' | 'resource'>;
  readonly #returned: Counter<'group' | 'resource'>;
  readonly #dispatched: Counter<'group' | 'resource'>;
  readonly #batches: Histogram;

  constructor(metrics: Metrics, source: StoreMetricsSource) {
    const help = 'Latency in seconds of writes to the store, for each operation and object type.';
    this.#requests = metrics.histogram('etcd_request_duration_seconds', help, requestBuckets, operationLabels);
    this.#total = metrics.counter(
      'etcd_requests_total',
      'Writes to the store, for each operation and object type.',
      operationLabels,
    );
    this.#errors = metrics.counter('etcd_request_errors_total', 'Writes to the store that failed.', operationLabels);
    this.#reads = metrics.counter(
      'apiserver_watch_cache_consistent_read_total',
      'Consistent reads from the watch cache.',
      [...labels, 'success', 'fallback'],
    );
    const waits = 'Seconds that reads waited for the watch cache to be fresh.';
    this.#waits = metrics.histogram('apiserver_watch_cache_read_wait_seconds', waits, waitBuckets, labels);
    this.#lists = metrics.counter('apiserver_storage_list_total', 'LIST requests served from the store.', labels);
    this.#returned = metrics.counter(
      'apiserver_storage_list_returned_objects_total',
      'Objects returned by LIST requests.',
      labels,
    );
    const dispatched = 'Changes that the watch cache handed to watchers.';
    this.#dispatched = metrics.counter('apiserver_watch_cache_events_dispatched_total', dispatched, labels);
    this.#batches = metrics.histogram(
      'kubephant_store_batch_size',
      'Writes that were committed together.',
      batchBuckets,
    );
    collectRevision(metrics, source);
  }

  async write<T>(operation: 'create' | 'update' | 'delete', resource: string, work: () => Promise<T>): Promise<T> {
    const which = { operation, ...groupResourceOf(resource) };
    const stop = this.#requests.startTimer(which);
    this.#total.inc(which);
    try {
      return await work();
    } catch (err) {
      // What the caller should not have asked for is no fault of the store.
      if (StatusError.from(err).code >= 500) this.#errors.inc(which);
      throw err;
    } finally {
      stop();
    }
  }

  /** Waiting for the cache before a read. */
  async wait(resource: string, consistent: boolean, work: () => Promise<void>): Promise<void> {
    const which = groupResourceOf(resource);
    const stop = this.#waits.startTimer({ ...which });
    let success = 'false';
    try {
      await work();
      success = 'true';
    } finally {
      stop();
      if (consistent) this.#reads.inc({ ...which, success, fallback: 'false' });
    }
  }

  listed(resource: string, items: number): void {
    const which = { ...groupResourceOf(resource) };
    this.#lists.inc(which);
    this.#returned.inc(which, items);
  }

  dispatched(resource: string): void {
    this.#dispatched.inc({ ...groupResourceOf(resource) });
  }

  committed(batch: number): void {
    this.#batches.observe(batch);
  }
}

function collectRevision({ registry }: Metrics, source: StoreMetricsSource): void {
  const gauge: Gauge<'group' | 'resource'> = new Gauge({
    name: 'apiserver_watch_cache_resource_version',
    help: 'The newest revision in the watch cache.',
    labelNames: [...labels],
    registers: [registry],
    collect() {
      for (const resource of source.counts().keys()) gauge.set({ ...groupResourceOf(resource) }, source.revision);
    },
  });
}
