import { newMetrics } from '@kubephant/base';
import { newAggregationMetrics } from './metrics';

const lines = async (metrics: ReturnType<typeof newMetrics>): Promise<readonly string[]> =>
  (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('aggregator_'));

describe('metrics of API services', () => {
  it('tell which are unavailable now, and how often each has become so, and why', async () => {
    const metrics = newMetrics();
    const told = newAggregationMetrics(metrics);
    const no = (reason: string) => ({ status: 'False' as const, reason, message: '' });
    for (const reason of ['MissingEndpoints', 'MissingEndpoints', 'FailedDiscoveryCheck'])
      told.observe('a', no(reason));
    told.observe('b', no('ServiceNotFound'));
    told.observe('b', { status: 'True', reason: 'Passed', message: '' });
    told.observe('c', no('ServiceNotFound'));
    told.forget('c');
    told.aggregated();
    expect(await lines(metrics)).toEqual([
      'aggregator_unavailable_apiservice{name="a"} 1',
      'aggregator_unavailable_apiservice{name="b"} 0',
      'aggregator_unavailable_apiservice_total{name="a",reason="MissingEndpoints"} 1',
      'aggregator_unavailable_apiservice_total{name="a",reason="FailedDiscoveryCheck"} 1',
      'aggregator_unavailable_apiservice_total{name="b",reason="ServiceNotFound"} 1',
      'aggregator_unavailable_apiservice_total{name="c",reason="ServiceNotFound"} 1',
      'aggregator_discovery_aggregation_count_total 1',
    ]);
  });
});
