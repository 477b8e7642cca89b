import { Registry } from 'prom-client';
import { newMetrics } from './metrics';
import { SeriesCounter, SeriesHistogram } from './series';

const config = { name: 'waits_seconds', help: 'How long.', labels: ['who'] as const };

describe('a histogram with series', () => {
  it('reads as any other', async () => {
    const [mine, other] = [new Registry(), new Registry()];
    const histogram = new SeriesHistogram(mine, { ...config, buckets: [0.5, 1] });
    const reference = newMetrics(other).histogram(config.name, config.help, [0.5, 1], config.labels);
    for (const [who, value] of [
      ['a', 0.25],
      ['b', 7],
      ['a', 1],
      ['a', 0.75],
    ] as const) {
      histogram.series(who)(value);
      reference.observe({ who }, value);
    }
    const linesOf = (text: string): readonly string[] =>
      text.split('\n').map((line) => line.replace(/\{(le="[^"]*"),(.*)\}/, '{$2,$1}'));
    expect(linesOf(await mine.metrics())).toEqual(linesOf(await other.metrics()));
  });

  it('without buckets is a sum and a count', async () => {
    const registry = new Registry();
    const observe = new SeriesHistogram(registry, config).series('a');
    observe(1);
    observe(2);
    expect(await registry.metrics()).toBe(
      '# HELP waits_seconds How long.\n# TYPE waits_seconds summary\nwaits_seconds_sum{who="a"} 3\nwaits_seconds_count{who="a"} 2\n',
    );
  });

  it('forgets when it is told to', async () => {
    const registry = new Registry();
    const histogram = new SeriesHistogram(registry, config);
    histogram.series('a')(1);
    registry.resetMetrics();
    expect(await registry.metrics()).not.toContain('who="a"');
  });
});

describe('a counter with series', () => {
  it('reads as any other', async () => {
    const registry = new Registry();
    const counter = new SeriesCounter(registry, { name: 'calls_total', help: 'How many.', labels: ['who'] });
    counter.series('a')();
    counter.series('a')();
    counter.series('b');
    expect(await registry.metrics()).toBe(
      '# HELP calls_total How many.\n# TYPE calls_total counter\ncalls_total{who="a"} 2\ncalls_total{who="b"} 0\n',
    );
    registry.resetMetrics();
    expect(await registry.metrics()).toContain('calls_total{who="a"} 0');
  });
});
