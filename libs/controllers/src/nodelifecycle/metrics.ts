import type { Metrics } from '@kubephant/base';
import type { Zone } from './zones';

export interface ZoneMetrics {
  observe(zones: readonly Zone[]): void;
  evicted(zone: string): void;
}

/** node_collector_* under upstream's names. */
export function newZoneMetrics(metrics: Metrics): ZoneMetrics {
  const gauge = (name: string, help: string): ReturnType<typeof metrics.gauge<'zone'>> =>
    metrics.gauge(`node_collector_${name}`, help, ['zone']);
  const health = gauge('zone_health', 'Gauge measuring percentage of healthy nodes per zone.');
  const size = gauge('zone_size', 'Gauge measuring number of registered Nodes per zones.');
  const unhealthy = gauge('unhealthy_nodes_in_zone', 'Gauge measuring number of not Ready Nodes per zones.');
  const evictions = metrics.counter(
    'node_collector_evictions_total',
    'Number of Node evictions that happened since current instance of NodeController started.',
    ['zone'],
  );
  return {
    observe(zones) {
      for (const zone of zones) {
        const labels = { zone: zone.name };
        size.set(labels, zone.nodes.length);
        unhealthy.set(labels, zone.unhealthy);
        health.set(labels, (100 * (zone.nodes.length - zone.unhealthy)) / zone.nodes.length);
      }
    },
    evicted: (zone) => evictions.inc({ zone }),
  };
}
