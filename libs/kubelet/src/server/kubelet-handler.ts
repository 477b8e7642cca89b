import { badRequest, is, notFound, StatusError } from '@kubephant/api';
import type { Clock, Logger, Metrics } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { ContainerStatus, StreamDialer, StreamRequest } from '@kubephant/node';
import { componentRoutes, pageNotFound, textReply, type Handler, type Incoming, type Reply } from '@kubephant/serving';
import type { KubeletConfig } from '../config/kubelet-config';
import type { KubeletParts } from '../kubelet';
import { findContainer } from '../pods/containers';
import type { PodWorker } from '../podworkers/pod-worker';
import { allOf, latestOf, readySandbox } from '../runtime/pod-runtime';
import { newAccess } from './access';
import { readLog } from './container-log';
import type { LogOptions } from './log-lines';
import { metricsPage } from './metrics-pages';
import { openPortForward } from './port-forward';
import { openSession } from './sessions';
import { summary } from './stats';

export interface KubeletHandlerDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly dialStream: StreamDialer;
}

type Route = (req: Incoming, segments: readonly string[]) => Promise<Reply>;

/** The kubelet's own API (upstream: port 10250): every request is authenticated and authorized first. */
export function kubeletHandler(
  parts: KubeletParts,
  config: KubeletConfig,
  deps: KubeletHandlerDeps,
): Handler<Incoming> {
  const access = newAccess({ ...deps, nodeName: config.nodeName });
  const livez = [{ name: 'syncloop', check: () => parts.pleg.healthy() }];
  const common = componentRoutes({ metrics: deps.metrics, livez });
  const routes = routesOf(parts, config, deps);
  return withTextErrors(deps.log, async (req) => {
    const [, first = '', ...rest] = req.url.pathname.split('/').map(decode);
    const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
    return await counted(parts, req, route ? first : 'other', async () => {
      await access(req);
      const reply = route ? await route(req, rest) : undefined;
      return reply ?? (await common(req)) ?? pageNotFound();
    });
  });
}

/** The request as metrics have it: how often, how many at once, and how long until the answer began. */
async function counted(
  { deps: { metrics } }: KubeletParts,
  { method, upgrade }: Incoming,
  path: string,
  answer: () => Promise<Reply>,
): Promise<Reply> {
  const labels = { method, path, server_type: 'readwrite', long_running: String(upgrade !== undefined) };
  metrics.httpRequests.inc(labels);
  metrics.httpInflight.inc(labels);
  const end = metrics.httpSeconds.startTimer(labels);
  try {
    return await answer();
  } finally {
    end();
    metrics.httpInflight.dec(labels);
  }
}

/** Like upstream's, a kubelet says what is wrong in plain text; the API server makes a Status of it. */
function withTextErrors(log: Logger, handler: Handler<Incoming>): Handler<Incoming> {
  return async (req) => {
    try {
      return await handler(req);
    } catch (err) {
      const { status } = StatusError.from(err);
      // Without a reason it is the answer upstream gives to a mistake of the client, and no failure of ours.
      if (status.code >= 500 && status.reason && !req.signal.aborted)
        log.error('Request failed', err, { path: req.url.pathname });
      return textReply(status.code, status.message ?? '');
    }
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('malformed path');
  }
}

function routesOf(
  parts: KubeletParts,
  config: KubeletConfig,
  deps: KubeletHandlerDeps,
): Readonly<Record<string, Route>> {
  const { runtime } = parts.deps;
  return {
    pods: async () => podList([...parts.workers.all()].map(({ pod }) => pod)),
    runningpods: async () =>
      podList([...parts.workers.all()].filter((worker) => readySandbox(worker.runtime)).map(({ pod }) => pod)),
    configz: async () => ({
      kind: 'object',
      status: 200,
      body: {
        kubeletconfig: {
          kind: 'KubeletConfiguration',
          apiVersion: 'kubelet.config.k8s.io/v1beta1',
          ...visible(config),
        },
      },
    }),
    stats: async (req, [kind]) =>
      kind === 'summary' ? { kind: 'object', status: 200, body: await summary(parts, req.signal) } : pageNotFound(),
    metrics: (req, [kind]) => metricsPage(parts, deps.metrics, req, kind),
    containerLogs: (req, segments) => logReply(parts, req, segments),
    exec: async (req, segments) => {
      const container = runningContainer(parts, segments);
      const cmd = req.url.searchParams.getAll('command');
      if (cmd.length === 0) throw badRequest('you must specify at least 1 command for exec');
      const streams = streamsOf(req);
      return await openSession(
        req,
        { streams, open: (signal) => runtime.exec(container.id, cmd, streams, signal) },
        deps,
      );
    },
    attach: async (req, segments) => {
      const container = runningContainer(parts, segments);
      const streams = streamsOf(req);
      return await openSession(req, { streams, open: (signal) => runtime.attach(container.id, streams, signal) }, deps);
    },
    portForward: async (req, segments) => {
      const { pod, runtime: state } = podOf(parts, segments);
      const sandbox = readySandbox(state);
      if (!sandbox) throw badRequest('the pod has no running sandbox');
      const { name, namespace = '', uid } = pod.metadata;
      return openPortForward(req, {
        pod: `${namespace}/${name}, uid ${uid}`,
        clock: deps.clock,
        dial: async (port, signal) =>
          deps.dialStream(await runtime.portForward(sandbox.id, port, signal), ['v4.channel.k8s.io'], signal),
      });
    },
  };
}

/** Without the paths of secrets and keys: this page is for people. */
function visible({ nodeName: _, ...config }: KubeletConfig): object {
  return { ...config, cgroupDriver: 'cgroupfs', containerLogMaxSize: '10Mi', containerLogMaxFiles: 5 };
}

function podList(items: readonly object[]): Reply {
  return { kind: 'object', status: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items } };
}

function podOf({ workers }: KubeletParts, [namespace = '', name = '']: readonly string[]): PodWorker {
  const worker = workers.find(namespace, name);
  if (!worker) throw notFound({ group: '', resource: 'pods' }, name);
  return worker;
}

/** The container that a path names, with or without the pod's uid before it. */
function containerName(segments: readonly string[]): string {
  return (segments.length > 3 ? segments[3] : segments[2]) ?? '';
}

function runningContainer(parts: KubeletParts, segments: readonly string[]): ContainerStatus {
  const { runtime } = podOf(parts, segments);
  const name = containerName(segments);
  const found = latestOf(runtime, name);
  if (found?.state === 'RUNNING') return found;
  // Upstream's code: clients tell the reason they find in it, and those of containerd come with the same.
  throw new StatusError('', `container not found (${JSON.stringify(name)})`, undefined, { code: 500 });
}

function streamsOf({ url }: Incoming): StreamRequest {
  const on = (...names: readonly string[]): boolean =>
    names.some((name) => ['1', 'true'].includes(url.searchParams.get(name) ?? ''));
  const tty = on('tty');
  const streams = {
    tty,
    stdin: on('input', 'stdin'),
    stdout: on('output', 'stdout'),
    stderr: on('error', 'stderr') && !tty,
  };
  if (!streams.stdin && !streams.stdout && !streams.stderr)
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  return streams;
}

async function logReply(parts: KubeletParts, req: Incoming, segments: readonly string[]): Promise<Reply> {
  const worker = podOf(parts, segments);
  const name = containerName(segments);
  const container = loggingContainer(worker, name, req.url.searchParams.get('previous') === 'true');
  const { host, clock, runtime } = parts.deps;
  const options = logOptions(req.url.searchParams, clock.now());
  const running = async (signal: AbortSignal): Promise<boolean> => {
    try {
      const [found] = await runtime.listContainers({ id: container.id }, signal);
      return found?.state === 'RUNNING';
    } catch (err) {
      // Containers do not end because the runtime is away for a moment.
      if (is('ServiceUnavailable', err)) return true;
      throw err;
    }
  };
  const source = { files: host.files, clock, path: container.logPath, running };
  const chunks = readLog(source, options, req.signal);
  return { kind: 'stream', status: 200, contentType: 'text/plain', chunks, text: true };
}

function loggingContainer({ pod, runtime }: PodWorker, name: string, previous: boolean): ContainerStatus {
  const { metadata, status } = pod;
  const what = `container ${JSON.stringify(name)} in pod ${JSON.stringify(metadata.name)}`;
  if (!findContainer(pod, name)) throw badRequest(`container ${name} is not valid for pod ${metadata.name}`);
  const attempts = allOf(runtime, name).filter(({ state }) => state === 'RUNNING' || state === 'EXITED');
  if (previous) {
    // One that is not running now is itself the last that ran.
    const ended = attempts.find(({ state }, i) => state === 'EXITED' && (i > 0 || isWaiting(status, name)));
    if (!ended) throw badRequest(`previous terminated ${what} not found`);
    return ended;
  }
  const [latest] = attempts;
  if (latest) return latest;
  const reason = waitingReason(status, name);
  throw badRequest(`${what} is waiting to start: ${imageTroubles.get(reason) ?? reason}`);
}

/** What upstream says instead of the reason of a container that waits for its image. */
const imageTroubles: ReadonlyMap<string, string> = new Map([
  ['ErrImagePull', "image can't be pulled"],
  ['ImagePullBackOff', 'trying and failing to pull image'],
]);

function statusOf(
  status: PodWorker['pod']['status'],
  name: string,
): NonNullable<NonNullable<typeof status>['containerStatuses']>[number] | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  return [...containerStatuses, ...initContainerStatuses].find((one) => one.name === name);
}

const isWaiting = (status: PodWorker['pod']['status'], name: string): boolean =>
  statusOf(status, name)?.state?.waiting !== undefined;
const waitingReason = (status: PodWorker['pod']['status'], name: string): string =>
  statusOf(status, name)?.state?.waiting?.reason ?? 'ContainerCreating';

function logOptions(query: URLSearchParams, nowMs: number): LogOptions {
  const whole = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null || text === '') return undefined;
    if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name} must be a whole number`);
    return Number(text);
  };
  const sinceSeconds = whole('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const sinceMs =
    sinceSeconds === undefined ? (sinceTime ? Date.parse(sinceTime) : undefined) : nowMs - sinceSeconds * 1000;
  const stream = query.get('stream')?.toLowerCase();
  const [tailLines, limitBytes] = [whole('tailLines'), whole('limitBytes')];
  return {
    follow: query.get('follow') === 'true',
    timestamps: query.get('timestamps') === 'true',
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...((stream === 'stdout' || stream === 'stderr') && { stream }),
  };
}
