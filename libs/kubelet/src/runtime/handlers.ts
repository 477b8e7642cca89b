import type { ProbeAnswer } from '@kubephant/node';
import type {
  Container,
  EphemeralContainer,
  ExecAction,
  GRPCAction,
  HTTPGetAction,
  TCPSocketAction,
} from '@kubephant/schema';
import { StatusError } from '@kubephant/api';
import { inDialTerms } from './dial-errors';
import type { PodDeps } from './pod-deps';

/** What probes and lifecycle hooks have in common: a way to ask a container something. */
export interface ContainerAction {
  readonly exec?: ExecAction;
  readonly httpGet?: HTTPGetAction;
  readonly tcpSocket?: TCPSocketAction;
  readonly grpc?: GRPCAction;
  readonly sleep?: { readonly seconds: number };
}

export interface ActionTarget {
  readonly spec: Container | EphemeralContainer;
  readonly containerId: string;
  readonly podIP: string;
}

type Deps = Pick<PodDeps, 'runtime' | 'host' | 'clock'>;
const done: ProbeAnswer = { ok: true, code: 0, output: '' };
const maxOutput = 10 * 1024;

/** Does what an action says and tells how it went; rejects only when it could not be tried at all. `timeoutMs` 0: no limit. */
export async function runAction(
  deps: Deps,
  action: ContainerAction,
  target: ActionTarget,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ProbeAnswer> {
  const { exec, httpGet, tcpSocket, grpc, sleep } = action;
  if (exec) return await runExec(deps, exec, target, { timeoutMs, signal });
  if (httpGet) return inDialTerms(await deps.host.prober.http(httpProbe(httpGet, target, timeoutMs), signal));
  if (tcpSocket) {
    const port = portNumber(tcpSocket.port, target.spec);
    return inDialTerms(await deps.host.prober.tcp(tcpSocket.host ?? target.podIP, port, timeoutMs, signal));
  }
  if (grpc) {
    const service = grpc.service ?? '';
    return inDialTerms(
      await deps.host.prober.grpc({ host: target.podIP, port: grpc.port, service }, timeoutMs, signal),
    );
  }
  if (sleep) await deps.clock.sleep(sleep.seconds * 1000, signal);
  return done;
}

async function runExec(
  { runtime }: Deps,
  { command = [] }: ExecAction,
  { containerId }: ActionTarget,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ProbeAnswer> {
  try {
    const { stdout, stderr, exitCode } = await runtime.execSync(containerId, command, timeoutMs, signal);
    const output = Buffer.concat([stdout, stderr]).subarray(0, maxOutput).toString();
    return { ok: exitCode === 0, code: exitCode, output };
  } catch (err) {
    if (signal.aborted) throw err;
    const { reason, message } = StatusError.from(err);
    // A command that takes too long has failed; one that cannot be run says nothing about the container.
    if (reason === 'Timeout') return { ok: false, code: -1, output: `command timed out: ${message}` };
    throw err;
  }
}

function httpProbe(
  httpGet: HTTPGetAction,
  target: ActionTarget,
  timeoutMs: number,
): Parameters<PodDeps['host']['prober']['http']>[0] {
  const scheme = (httpGet.scheme ?? 'HTTP').toLowerCase();
  const name = httpGet.host ?? target.podIP;
  const host = name.includes(':') ? `[${name}]` : name;
  const path = httpGet.path ?? '/';
  return {
    url: `${scheme}://${host}:${portNumber(httpGet.port, target.spec)}${path.startsWith('/') ? path : `/${path}`}`,
    headers: httpGet.httpHeaders ?? [],
    timeoutMs: timeoutMs || 60_000,
  };
}

/** A number, or the number of the container's port of that name. Throws BadRequest when there is none. */
export function portNumber(port: number | string, { ports = [] }: Container | EphemeralContainer): number {
  if (typeof port === 'number') return port;
  if (/^\d+$/.test(port)) return Number(port);
  const named = ports.find(({ name }) => name === port);
  if (!named) throw new StatusError('BadRequest', `couldn't find port: ${JSON.stringify(port)}`);
  return named.containerPort;
}
