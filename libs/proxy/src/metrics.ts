import { exponentialBuckets, type Counter, type Gauge, type Histogram, type Metrics } from '@kubephant/base';

/** kube-proxy's metrics under upstream's names; times are seconds. */
export interface ProxyMetrics {
  readonly sync: Histogram<'ip_family'>;
  readonly fullSync: Histogram<'ip_family'>;
  readonly partialSync: Histogram<'ip_family'>;
  readonly programming: Histogram<'ip_family'>;
  readonly lastSync: Gauge<'ip_family'>;
  readonly lastQueued: Gauge<'ip_family'>;
  readonly endpointChanges: Counter<never>;
  readonly serviceChanges: Counter<never>;
  readonly failures: Counter<'ip_family'>;
}

export function newProxyMetrics(metrics: Metrics): ProxyMetrics {
  return { ...durations(metrics), ...counts(metrics) };
}

const byFamily = ['ip_family'] as const;

type Durations = Pick<ProxyMetrics, 'sync' | 'fullSync' | 'partialSync' | 'programming'>;

function durations(metrics: Metrics): Durations {
  const latency = (name: string, help: string): Histogram<'ip_family'> =>
    metrics.histogram(name, help, exponentialBuckets(0.001, 2, 15), byFamily);
  return {
    sync: latency('kubeproxy_sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds.'),
    fullSync: latency(
      'kubeproxy_sync_full_proxy_rules_duration_seconds',
      'SyncProxyRules latency in seconds for full resyncs.',
    ),
    partialSync: latency(
      'kubeproxy_sync_partial_proxy_rules_duration_seconds',
      'SyncProxyRules latency in seconds for partial resyncs.',
    ),
    programming: metrics.histogram(
      'kubeproxy_network_programming_duration_seconds',
      'In Cluster Network Programming Latency in seconds.',
      programmingBuckets,
      byFamily,
    ),
  };
}

/** A quarter and half a second, each second to a minute, then ever coarser to five minutes. */
const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
const programmingBuckets = [0.25, 0.5, ...every(1, 1, 59), ...every(5, 60, 115), ...every(30, 120, 300)];

function counts(metrics: Metrics): Omit<ProxyMetrics, keyof Durations> {
  const prefix = 'kubeproxy_sync_proxy_rules';
  return {
    lastSync: metrics.gauge(
      `${prefix}_last_timestamp_seconds`,
      'The last time proxy rules were successfully synced.',
      byFamily,
    ),
    lastQueued: metrics.gauge(
      `${prefix}_last_queued_timestamp_seconds`,
      'The last time a sync of proxy rules was queued.',
      byFamily,
    ),
    endpointChanges: metrics.counter(`${prefix}_endpoint_changes_total`, 'Cumulative proxy rules Endpoint changes.'),
    serviceChanges: metrics.counter(`${prefix}_service_changes_total`, 'Cumulative proxy rules Service changes.'),
    failures: metrics.counter(
      `${prefix}_nftables_sync_failures_total`,
      'Cumulative proxy nftables sync failures.',
      byFamily,
    ),
  };
}
