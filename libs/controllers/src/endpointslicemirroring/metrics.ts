import { exponentialBuckets, type Metrics } from '@kubephant/base';
import type { Endpoint, EndpointSlice } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { Group } from '../endpointslice/desired';
import { identityOf } from '../endpointslice/plan';

export interface MirrorMetrics {
  skipped(addresses: number): void;
  /** Counts the endpoints that stay and say something else. */
  updated(existing: readonly EndpointSlice[], groups: readonly Group[]): void;
  took(seconds: number): void;
}

/** What mirroring counts beside what all slices are counted by. */
export function newMirrorMetrics(metrics: Metrics, prefix: string): MirrorMetrics {
  const perSync = (what: string): ReturnType<typeof metrics.histogram> =>
    metrics.histogram(
      `${prefix}_${what}_per_sync`,
      `Number of ${what.replace('_', ' ')} on each Endpoints sync`,
      exponentialBuckets(2, 2, 15),
    );
  const skipped = perSync('addresses_skipped');
  const updated = perSync('endpoints_updated');
  const duration = metrics.histogram(
    `${prefix}_endpoints_sync_duration`,
    'Duration of syncEndpoints() in seconds',
    exponentialBuckets(0.001, 2, 15),
  );
  return {
    skipped: (addresses) => skipped.observe(addresses),
    updated(existing, groups) {
      const before = new Map(existing.flatMap(({ endpoints }) => (endpoints ?? []).map(named)));
      const changed = groups
        .flatMap(({ endpoints }) => endpoints)
        .filter((endpoint) => {
          const old = before.get(identityOf(endpoint));
          return old !== undefined && !isDeepStrictEqual(old, endpoint);
        });
      updated.observe(changed.length);
    },
    took: (seconds) => duration.observe(seconds),
  };
}

const named = (endpoint: Endpoint): [string, Endpoint] => [identityOf(endpoint), endpoint];
