import type { Gauge, Histogram, Metrics } from '@kubephant/base';

const operationSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600];

/** What pods ask for in volumes, what of it there is, and how long it took. */
export function volumeMetrics(metrics: Metrics): {
  readonly volumes: Gauge<'plugin_name' | 'state'>;
  readonly storageSeconds: Histogram<'migrated' | 'operation_name' | 'status' | 'volume_plugin'>;
} {
  return {
    volumes: metrics.gauge('volume_manager_total_volumes', 'Number of volumes in Volume Manager', [
      'plugin_name',
      'state',
    ]),
    storageSeconds: metrics.histogram(
      'storage_operation_duration_seconds',
      'Storage operation duration',
      operationSeconds,
      ['migrated', 'operation_name', 'status', 'volume_plugin'],
    ),
  };
}
