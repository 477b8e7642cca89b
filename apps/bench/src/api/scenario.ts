import type { ServerConfig } from '@kubephant/http-client';
import { Wire } from './wire';

/** What every scenario works with. */
export interface Bench {
  readonly config: ServerConfig;
  /** A namespace that exists only for this run. */
  readonly namespace: string;
  /** How long one measurement lasts. */
  readonly seconds: number;
  readonly say: (text: string) => void;
}

export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** Once before all runs; its end removes what it made (the namespace goes anyway). */
  prepare?(bench: Bench): Promise<void>;
  /** One run; figures by name, with the unit in the name. */
  run(bench: Bench): Promise<Readonly<Record<string, number>>>;
}

export interface Load {
  readonly rate: number;
  readonly latenciesMs: readonly number[];
  readonly failures: number;
}

/** Has `clients` connections send one request after the other for a while; the first tenth of the time does not count. */
export async function load(
  { config, seconds }: Bench,
  clients: number,
  request: (wire: Wire, client: number, i: number) => Promise<{ readonly status: number }>,
): Promise<Load> {
  const wires = await Promise.all(Array.from({ length: clients }, () => Wire.open(config)));
  const startMs = performance.now();
  const fromMs = startMs + seconds * 100;
  const untilMs = startMs + seconds * 1000;
  const latenciesMs: number[] = [];
  let failures = 0;
  const work = async (wire: Wire, client: number): Promise<void> => {
    for (let i = 0; performance.now() < untilMs; i++) {
      const sentMs = performance.now();
      const { status } = await request(wire, client, i);
      const doneMs = performance.now();
      if (status >= 300) failures += 1;
      if (sentMs >= fromMs && doneMs <= untilMs) latenciesMs.push(doneMs - sentMs);
    }
  };
  await Promise.all(wires.map(work));
  wires.forEach((wire) => wire.close());
  return { rate: latenciesMs.length / (seconds * 0.9), latenciesMs, failures };
}
