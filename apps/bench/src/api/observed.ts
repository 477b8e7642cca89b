import type { ServerConfig } from '@kubephant/http-client';
import { beside, type Figure } from '../measure/figure';
import { limitOf } from '../measure/limit';
import { cores, machineCpuSeconds, meter, nowMs } from '../measure/machine';
import { besideOf, PostgresWatch, sessionsIn } from '../store/postgres-watch';
import type { ApiBench } from './scenario';
import { Wire } from './wire';

/** What a server says of its own process [Prometheus client conventions, "Process metrics"]. */
export interface ServerState {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

export async function stateOf(server: ServerConfig): Promise<ServerState> {
  const wire = await Wire.open(server);
  const { body } = await wire.exchange('GET', '/metrics', undefined, true);
  wire.close();
  return parseState(body.toString());
}

export function parseState(metrics: string): ServerState {
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1] ?? NaN);
  return {
    cpuSeconds: value('process_cpu_seconds_total'),
    residentBytes: value('process_resident_memory_bytes'),
  };
}

export interface Observed<R> {
  readonly result: R;
  readonly figures: readonly Figure[];
  readonly limit: string;
}

/**
 * Works while the servers, this process, the machine, and PostgreSQL where it is ours, are looked at.
 * `children`: the cores that processes of the bench took beside this one. */
export async function observed<R>(
  bench: ApiBench,
  work: () => Promise<R>,
  children: (result: R) => number = () => 0,
): Promise<Observed<R>> {
  const servers = [bench.server, ...(bench.second ? [bench.second] : [])];
  await using postgres = bench.own && (await PostgresWatch.start(bench.own.connectionString, bench.own.postgresPid));
  const before = await Promise.all(servers.map(stateOf));
  const machineBefore = await machineCpuSeconds();
  const startMs = nowMs();
  const own = meter();
  const result = await work();
  const mine = own();
  const seconds = (nowMs() - startMs) / 1000;
  const machine = ((await machineCpuSeconds()) - machineBefore) / seconds;
  const after = await Promise.all(servers.map(stateOf));
  const figures = await postgres?.figures();
  const names = servers.map((_, i) => (servers.length === 1 ? 'the server' : `server ${i + 1}`));
  const taken = after.map(({ cpuSeconds }, i) => (cpuSeconds - (before[i]?.cpuSeconds ?? 0)) / seconds);
  // Servers on other machines take nothing here, and what PostgreSQL takes is known only of ours.
  const local = bench.own ? taken.reduce((sum, share) => sum + share, mine.cores + (figures?.cores ?? 0)) : machine;
  const others = machine - local - children(result);
  // One thread does nearly all that a server does: what it takes of a core is how busy its event loop is.
  const loops = Object.fromEntries(taken.map((share, i) => [names[i] ?? '', Math.min(1, share)]));
  return {
    result,
    figures: [
      ...(figures ? besideOf(figures) : []),
      ...taken.map((share, i) => beside(`cores: ${names[i]}`, '', share)),
      ...after.map(({ residentBytes }, i) => beside(`resident: ${names[i]}`, 'MB', residentBytes / 1e6)),
      beside('cores: the bench', '', mine.cores),
      beside('event loop: the bench', '%', mine.loop * 100),
      beside('machine', '%', (machine * 100) / cores),
    ],
    limit: limitOf({
      loops: { ...loops, 'the bench': mine.loop },
      machine: machine / cores,
      others,
      ...(figures && sessionsIn(figures)),
    }),
  };
}
