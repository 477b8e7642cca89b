import type { Counter, Histogram, Registry } from 'prom-client';

/** Adds a value to the series that it belongs to. */
export type Observe = (value: number) => void;

export interface SeriesConfig<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
  /** Upper bounds, ascending; absent: a summary without quantiles, which is a sum and a count. */
  readonly buckets?: readonly number[];
}

/**
 * A histogram for what is measured many times in every request: a series is looked up once and then only added to,
 * where prom-client finds its labels anew at every observation.
 */
export class SeriesHistogram<L extends string> {
  readonly name: string;
  readonly #config: SeriesConfig<L>;
  readonly #series = new Map<string, Series>();

  constructor(registry: Registry, config: SeriesConfig<L>) {
    this.name = config.name;
    this.#config = config;
    // All that the registry wants of a metric is its name and what it has to say.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** The series with these values of the labels, in the order of the labels. */
  series(...values: readonly string[]): Observe {
    const key = values.join('\0');
    const known = this.#series.get(key);
    const { labels, buckets = [] } = this.#config;
    const series = known ?? new Series(labelsOf(labels, values), buckets);
    this.#series.set(key, series);
    return series.observe;
  }

  /** As the registry reads it. */
  async get(): Promise<object> {
    const { name, help, buckets } = this.#config;
    const values = [...this.#series.values()].flatMap((series) => series.samples(name));
    return { name, help, type: buckets ? 'histogram' : 'summary', values, aggregator: 'sum' };
  }

  reset(): void {
    this.#series.clear();
  }
}

const labelsOf = (names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

class Series {
  readonly #labels: Readonly<Record<string, string>>;
  readonly #buckets: readonly number[];
  /** How many values were in each bucket and in none before it; the last is for those above all bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(labels: Readonly<Record<string, string>>, buckets: readonly number[]) {
    this.#labels = labels;
    this.#buckets = buckets;
    this.#counts = new Float64Array(buckets.length + 1);
  }

  readonly observe: Observe = (value) => {
    const buckets = this.#buckets;
    let index = 0;
    while (index < buckets.length && value > (buckets[index] as number)) index++;
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#sum += value;
  };

  samples(name: string): readonly Sample[] {
    let count = 0;
    const labels = this.#labels;
    const buckets = this.#buckets.map((le, index): Sample => {
      count += this.#counts[index] as number;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    const total = count + (this.#counts.at(-1) as number);
    const infinite = { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: total };
    return [
      ...(buckets.length > 0 ? [...buckets, infinite] : []),
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }
}

/** A counter for what is counted in every request: a series is looked up once and then only added to. */
export class SeriesCounter<L extends string> {
  readonly name: string;
  readonly #config: Omit<SeriesConfig<L>, 'buckets'>;
  readonly #series = new Map<string, { readonly labels: Sample['labels']; value: number }>();

  constructor(registry: Registry, config: Omit<SeriesConfig<L>, 'buckets'>) {
    this.name = config.name;
    this.#config = config;
    registry.registerMetric(this as unknown as Counter);
  }

  /** Adds one to the series with these values of the labels, in the order of the labels; the series is there from now on. */
  series(...values: readonly string[]): () => void {
    const key = values.join('\0');
    const series = this.#series.get(key) ?? { labels: labelsOf(this.#config.labels, values), value: 0 };
    this.#series.set(key, series);
    return () => {
      series.value++;
    };
  }

  /** As the registry reads it. */
  async get(): Promise<object> {
    const { name, help } = this.#config;
    return { name, help, type: 'counter', values: [...this.#series.values()], aggregator: 'sum' };
  }

  reset(): void {
    for (const series of this.#series.values()) series.value = 0;
  }
}
