import { exponentialBuckets, type Metrics } from '@kubephant/base';
import type { EndpointSlice } from '@kubephant/schema';
import { portsKey, type Group } from './desired';
import { identityOf } from './plan';
import type { SliceChanges } from './slice-writer';

/** What one sync of a service found and did. */
export interface SliceSync {
  /** `namespace/name` of the service. */
  readonly key: string;
  readonly existing: readonly EndpointSlice[];
  readonly groups: readonly Group[];
  readonly changes: SliceChanges;
}

export interface SliceMetrics {
  synced(sync: SliceSync): void;
  /** The service is gone, or has no slices of ours any more. */
  forget(key: string): void;
}

interface Totals {
  readonly endpoints: number;
  readonly slices: number;
  /** With perfect packing. */
  readonly fewest: number;
}

/** client_golang's DefBuckets. */
const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const perSync = exponentialBuckets(2, 2, 15);
const gauges = {
  endpoints: ['endpoints_desired', 'Number of endpoints desired'],
  slices: ['num_endpoint_slices', 'Number of EndpointSlices'],
  fewest: ['desired_endpoint_slices', 'Number of EndpointSlices that would exist with perfect endpoint allocation'],
} as const;

/** What both controllers that write slices count, each under upstream's names: `prefix` is its subsystem. */
export function newSliceMetrics(metrics: Metrics, prefix: string, max: number): SliceMetrics {
  const totals = new Map<string, Totals>();
  const sums = (Object.keys(gauges) as (keyof Totals)[]).map((total) => {
    const gauge = metrics.gauge(`${prefix}_${gauges[total][0]}`, gauges[total][1]);
    gauge.set(0);
    return { total, gauge };
  });
  const histogram = (name: string, help: string): ReturnType<typeof metrics.histogram> =>
    metrics.histogram(`${prefix}_${name}`, help, perSync);
  const added = histogram('endpoints_added_per_sync', 'Number of endpoints added on each Service sync');
  const removed = histogram('endpoints_removed_per_sync', 'Number of endpoints removed on each Service sync');
  const changes = metrics.counter(`${prefix}_changes`, 'Number of EndpointSlice changes', ['operation']);
  const set = (key: string, next: Totals): void => {
    const before = totals.get(key) ?? { endpoints: 0, slices: 0, fewest: 0 };
    for (const { total, gauge } of sums) gauge.inc(next[total] - before[total]);
    totals.set(key, next);
  };
  return {
    synced({ key, existing, groups, changes: done }) {
      const before = placesOf(existing);
      const after = placesOf(groups);
      added.observe(after.difference(before).size);
      removed.observe(before.difference(after).size);
      for (const operation of ['create', 'update', 'delete'] as const) changes.inc({ operation }, done[operation]);
      set(key, {
        endpoints: after.size,
        slices: existing.length + done.create - done.delete,
        fewest: fewestOf(groups, max),
      });
    },
    forget(key) {
      set(key, { endpoints: 0, slices: 0, fewest: 0 });
      totals.delete(key);
    },
  };
}

/** What the controller of selecting services counts beside that. */
export interface SyncMetrics {
  ended(result: 'success' | 'error' | 'stale'): void;
  changed(key: string, trafficDistribution: string | undefined, changes: SliceChanges): void;
  forget(key: string): void;
}

const distributions: ReadonlySet<string> = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode']);

export function newSyncMetrics(metrics: Metrics, prefix: string): SyncMetrics {
  const syncs = metrics.counter(`${prefix}_syncs`, 'Number of EndpointSlice syncs', ['result']);
  const changed = metrics.histogram(
    `${prefix}_endpointslices_changed_per_sync`,
    'Number of EndpointSlices changed on each Service sync',
    defaultBuckets,
    ['topology', 'traffic_distribution'],
  );
  const services = metrics.gauge(
    `${prefix}_services_count_by_traffic_distribution`,
    'Number of Services using some specific trafficDistribution',
    ['traffic_distribution'],
  );
  const known = new Map<string, string>();
  const count = (key: string, distribution: string | undefined): void => {
    const before = known.get(key);
    if (before === distribution) return;
    if (before !== undefined) services.dec({ traffic_distribution: before });
    if (distribution !== undefined) services.inc({ traffic_distribution: distribution });
    if (distribution === undefined) known.delete(key);
    else known.set(key, distribution);
  };
  services.reset();
  return {
    ended: (result) => syncs.inc({ result }),
    changed(key, asked, done) {
      const distribution = asked === undefined || distributions.has(asked) ? asked : 'ImplementationSpecific';
      count(key, distribution);
      // Hints by the size of zones are no more (KEP-2433 lost to KEP-4444): the label stays for those who ask for it.
      const labels = { topology: 'Disabled', traffic_distribution: distribution ?? '' };
      changed.observe(labels, done.create + done.update + done.delete);
    },
    forget: (key) => count(key, undefined),
  };
}

interface Places {
  readonly addressType: string;
  readonly ports?: Group['ports'];
  readonly endpoints?: Group['endpoints'];
}

/** Which endpoints there are, and behind which ports. */
function placesOf(groups: readonly Places[]): Set<string> {
  return new Set(
    groups.flatMap(({ addressType, ports, endpoints }) =>
      (endpoints ?? []).map((endpoint) => `${addressType} ${portsKey(ports ?? [])} ${identityOf(endpoint)}`),
    ),
  );
}

/** A group without endpoints has a slice, too. */
const fewestOf = (groups: readonly Group[], max: number): number =>
  groups.reduce((sum, { endpoints }) => sum + Math.max(1, Math.ceil(endpoints.length / max)), 0);
