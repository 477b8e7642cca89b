import type { ServerConfig } from '@kubephant/http-client';
import type { Opened, Scenario } from '../measure/bench';
import type { Run } from '../measure/figure';
import type { OwnServers } from './own-servers';
import { Wire } from './wire';

/** What every scenario works with. */
export interface ApiBench {
  readonly server: ServerConfig;
  /** The file that it is from, for processes of ours. */
  readonly kubeconfig: string;
  /** Another server of the same cluster. */
  readonly second?: ServerConfig;
  /** A namespace that exists only for this run. */
  readonly namespace: string;
  /** How long one measurement lasts. */
  readonly seconds: number;
  /** Given when the servers are ours, started for this alone. */
  readonly own?: OwnServers;
}

export interface ApiScenario extends Scenario<ApiBench> {
  /** Servers that it cannot do without. */
  readonly needs?: 'two servers' | 'our own servers';
}

/** A scenario that prepares something once; what it leaves behind goes with the namespace. */
export function running(
  run: (bench: ApiBench) => Promise<Run>,
  prepare?: (bench: ApiBench) => Promise<void>,
): (bench: ApiBench) => Promise<Opened> {
  return async (bench) => {
    await prepare?.(bench);
    return { run: () => run(bench), [Symbol.asyncDispose]: async () => undefined };
  };
}

export interface Load {
  /** All that were answered, those that do not count too. */
  readonly total: number;
  readonly rate: number;
  readonly latenciesMs: readonly number[];
  readonly failures: number;
}

/**
 * Has `clients` connections send one request after the other for a while, each to the server whose turn it is; the first
 * tenth of the time does not count.
 */
export async function load(
  { servers, seconds }: { servers: readonly ServerConfig[]; seconds: number },
  clients: number,
  request: (wire: Wire, client: number, i: number) => Promise<{ readonly status: number }>,
): Promise<Load> {
  const wires = await Promise.all(
    Array.from({ length: clients }, () => Promise.all(servers.map((server) => Wire.open(server)))),
  );
  const startMs = performance.now();
  const fromMs = startMs + seconds * 100;
  const untilMs = startMs + seconds * 1000;
  const latenciesMs: number[] = [];
  let failures = 0;
  let total = 0;
  const work = async (turns: readonly Wire[], client: number): Promise<void> => {
    for (let i = client; performance.now() < untilMs; i++) {
      const sentMs = performance.now();
      const { status } = await request(turns[i % turns.length] as Wire, client, i);
      const doneMs = performance.now();
      total += 1;
      if (status >= 300 && status !== 304) failures += 1;
      if (sentMs >= fromMs && doneMs <= untilMs) latenciesMs.push(doneMs - sentMs);
    }
  };
  await Promise.all(wires.map(work));
  wires.flat().forEach((wire) => wire.close());
  return { total, rate: latenciesMs.length / (seconds * 0.9), latenciesMs, failures };
}
