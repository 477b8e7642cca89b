import type { Opened, Scenario } from '../measure/bench';
import type { ServerConfig } from '@kubephant/http-client';
import { figure, percentiles, type Run } from '../measure/figure';
import { Histogram } from '../measure/statistics';
import { load, type Load } from '../api/scenario';
import { Wire, type WireRequest } from '../api/wire';
import type { Asking, Found, RequestKind } from './kinds';

export interface RequestsBench {
  /** As the typical client that asks. */
  readonly server: ServerConfig;
  readonly namespace: string;
  readonly seconds: number;
  readonly clients: number;
  /** Processor seconds that the server has taken up to now. */
  readonly cpuSeconds: () => Promise<number>;
}

/**
 * Compilers and caches of a server need some work with a kind of request before it is what it will be: processor seconds,
 * since on a busy machine it gets little done in a second.
 */
const warmUpCpuSeconds = 2;
const longestWarmUp = 20;

let opened = 0;

/** Many clients send one kind of request, each the next when the last is answered. */
export function requestsOf(kind: RequestKind): Scenario<RequestsBench> {
  return {
    name: kind.name,
    description: kind.description,
    async open(bench): Promise<Opened> {
      const prepared = await prepare(kind, bench);
      await warmUp(prepared);
      return { run: () => run(prepared), [Symbol.asyncDispose]: async () => undefined };
    },
  };
}

interface Prepared {
  readonly kind: RequestKind;
  readonly bench: RequestsBench;
  readonly clients: number;
  /** By client. */
  readonly found: readonly (Found | undefined)[];
  readonly run: string;
  readonly next: () => number;
}

async function prepare(kind: RequestKind, bench: RequestsBench): Promise<Prepared> {
  const clients = kind.clients ?? bench.clients;
  const run = String((opened += 1));
  const found = await Promise.all(Array.from({ length: clients }, (_, client) => given(kind, bench, { client, run })));
  let sent = 0;
  return { kind, bench, clients, found, run, next: () => (sent += 1) };
}

async function given(
  kind: RequestKind,
  { server, namespace }: RequestsBench,
  turn: Pick<Asking, 'client' | 'run'>,
): Promise<Found | undefined> {
  const wire = await Wire.open(server);
  let found: Found | undefined;
  for (const request of kind.given?.({ ...turn, namespace, i: 0 }) ?? []) found = await expectAnswer(wire, request);
  wire.close();
  return found;
}

async function expectAnswer(wire: Wire, request: WireRequest): Promise<Found> {
  const { status, head, body } = await wire.send(request, true);
  const { method, path } = request;
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body.toString().slice(0, 500)}`);
  return { etag: /^etag: (.*)\r$/im.exec(head)?.[1] ?? '', body };
}

function send({ kind, bench, clients, found, run, next }: Prepared, seconds: number): Promise<Load> {
  const { server, namespace } = bench;
  return load({ servers: [server], seconds }, clients, (wire, client) => {
    const before = found[client];
    return wire.send(kind.request({ namespace, client, i: next(), run, ...(before && { found: before }) }));
  });
}

async function warmUp(prepared: Prepared): Promise<void> {
  const { cpuSeconds } = prepared.bench;
  const before = await cpuSeconds();
  for (let seconds = 0; seconds < longestWarmUp && (await cpuSeconds()) - before < warmUpCpuSeconds; seconds++)
    await send(prepared, 1);
}

async function run(prepared: Prepared): Promise<Run> {
  const { kind, bench } = prepared;
  const before = await bench.cpuSeconds();
  const { total, rate, latenciesMs, failures } = await send(prepared, bench.seconds);
  const cpuSeconds = (await bench.cpuSeconds()) - before;
  const latencies = new Histogram();
  latenciesMs.forEach((ms) => latencies.add(ms));
  return {
    figures: [
      figure('requests of one core of the server', '/s', total / cpuSeconds, kind.aim),
      figure('processor time of the server', 'µs', (cpuSeconds * 1e6) / total),
      figure('requests', '/s', rate),
      ...percentiles('', latencies),
      figure('failures', '', failures, { atMost: 0 }),
    ],
  };
}
