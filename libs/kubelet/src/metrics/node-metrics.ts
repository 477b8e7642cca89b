import type { Counter, Gauge, Histogram, Metrics } from '@kubephant/base';
import { usualSeconds } from './buckets';

type Route = 'method' | 'path' | 'server_type' | 'long_running';

/** About the node as a whole, and the kubelet's API. */
export function nodeMetrics(metrics: Metrics): {
  readonly nodeName: Gauge<'node'>;
  readonly cgroupVersion: Gauge;
  readonly cgroupSeconds: Histogram<'operation_type'>;
  readonly admissionRejections: Counter<'reason'>;
  readonly httpRequests: Counter<Route>;
  readonly httpInflight: Gauge<Route>;
  readonly httpSeconds: Histogram<Route>;
} {
  const route = ['method', 'path', 'server_type', 'long_running'] as const;
  return {
    nodeName: metrics.gauge('kubelet_node_name', "The node's name. The count is always 1.", ['node']),
    cgroupVersion: metrics.gauge('kubelet_cgroup_version', 'cgroup version on the hosts.'),
    cgroupSeconds: metrics.histogram(
      'kubelet_cgroup_manager_duration_seconds',
      'Duration in seconds for cgroup manager operations. Broken down by method.',
      usualSeconds,
      ['operation_type'],
    ),
    admissionRejections: metrics.counter(
      'kubelet_admission_rejections_total',
      'Cumulative number pod admission rejections by the Kubelet.',
      ['reason'],
    ),
    httpRequests: metrics.counter(
      'kubelet_http_requests_total',
      'Number of the http requests received since the server started',
      route,
    ),
    httpInflight: metrics.gauge('kubelet_http_inflight_requests', 'Number of the inflight http requests', route),
    httpSeconds: metrics.histogram(
      'kubelet_http_requests_duration_seconds',
      'Duration in seconds to serve http requests',
      usualSeconds,
      route,
    ),
  };
}
