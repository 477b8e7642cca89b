import { StatusError } from '@kubephant/api';
import { exponentialBuckets, type Clock, type Metrics } from '@kubephant/base';
import type { Filter, Incoming, Reply, RequestInfo, Resolved } from './handler';
import { isLongRunning, queryFlag } from './request-info';
import { onEnd } from './streams';

const resourceLabels = ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
type ResourceLabels = Record<(typeof resourceLabels)[number], string>;

const durationBuckets = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

/** Without the very short ones, which no objective is about. */
const sliBuckets = durationBuckets.filter((seconds) => seconds >= 0.05);

export interface RequestMetricsOptions {
  readonly component: string;
  /** Whether the resource exists: labels never take values that clients invent. */
  readonly known: (info: RequestInfo) => boolean;
}

/** Upstream's apiserver_request_* metrics. Inside authentication and authorization come their own. */
export function withRequestMetrics(metrics: Metrics, clock: Clock, options: RequestMetricsOptions): Filter<Resolved> {
  const instruments = newInstruments(metrics);
  return (next) => async (req) => {
    const labels = labelsOf(req, options);
    const running = isLongRunning(req.info) ? instruments.longRunning(labels) : instruments.inFlight(req);
    const startMs = clock.now();
    let code = 500;
    try {
      const reply = await next(req);
      code = reply.kind === 'socket' ? 101 : reply.status;
      instruments.size(labels, reply);
      return reply.kind === 'stream' ? untilEnded(reply, running) : reply;
    } catch (err) {
      code = StatusError.from(err).code;
      throw err;
    } finally {
      instruments.done(labels, code, (clock.now() - startMs) / 1000);
      if (!running.streamed) running.end();
    }
  };
}

/** A request being served: `end` once, when the answer has been made or its stream has ended. */
interface Running {
  streamed: boolean;
  end(): void;
}

type StreamReply = Extract<Reply, { kind: 'stream' }>;

function untilEnded(reply: StreamReply, running: Running): StreamReply {
  running.streamed = true;
  return { ...reply, chunks: onEnd(reply.chunks, () => running.end()) };
}

interface Labels extends ResourceLabels {
  readonly dry_run: string;
}

const labelsWithDryRun = [
  'verb',
  'dry_run',
  'group',
  'version',
  'resource',
  'subresource',
  'scope',
  'component',
] as const;

/** Instruments of how long answers take: with every label, and for objectives. */
function newLatency(metrics: Metrics): (labels: Labels, seconds: number) => void {
  const duration = metrics.histogram(
    'apiserver_request_duration_seconds',
    'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.',
    durationBuckets,
    labelsWithDryRun,
  );
  const sli = metrics.histogram(
    'apiserver_request_sli_duration_seconds',
    'Response latency distribution (not counting webhook duration and priority & fairness queue wait times) in seconds for each verb, group, version, resource, subresource, scope and component.',
    sliBuckets,
    resourceLabels,
  );
  return (labels, seconds) => {
    const { dry_run: _, ...rest } = labels;
    duration.observe({ ...labels }, seconds);
    sli.observe(rest, seconds);
  };
}

function newInstruments(metrics: Metrics) {
  const total = metrics.counter(
    'apiserver_request_total',
    'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
    [...labelsWithDryRun, 'code'],
  );
  const latency = newLatency(metrics);
  const sizes = metrics.histogram(
    'apiserver_response_sizes',
    'Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.',
    exponentialBuckets(1000, 10, 7),
    resourceLabels,
  );
  const current = metrics.gauge(
    'apiserver_current_inflight_requests',
    'Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
    ['request_kind'],
  );
  const longRunning = metrics.gauge(
    'apiserver_longrunning_requests',
    'Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.',
    resourceLabels,
  );
  return {
    done(labels: Labels, code: number, seconds: number): void {
      total.inc({ ...labels, code: String(code) });
      if (labels.verb !== 'WATCH') latency(labels, seconds);
    },
    size(labels: Labels, reply: Reply): void {
      if (reply.kind !== 'bytes') return;
      const { dry_run: _, ...rest } = labels;
      let bytes = 0;
      for (const chunk of reply.chunks) bytes += chunk.length;
      sizes.observe(rest, bytes);
    },
    inFlight(req: Incoming): Running {
      const kind = { request_kind: req.method === 'GET' || req.method === 'HEAD' ? 'readOnly' : 'mutating' };
      current.inc(kind);
      return { streamed: false, end: () => current.dec(kind) };
    },
    longRunning(labels: Labels): Running {
      const { dry_run: _, ...rest } = labels;
      longRunning.inc(rest);
      return { streamed: false, end: () => longRunning.dec(rest) };
    },
  };
}

/** Counts requests that the server itself gives up on: call the result with each, and the code it was answered with. */
export function newTerminations(
  metrics: Metrics,
  options: RequestMetricsOptions,
): (req: Resolved, code: number) => void {
  const terminations = metrics.counter(
    'apiserver_request_terminations_total',
    'Number of requests which apiserver terminated in self-defense.',
    [...resourceLabels, 'code'],
  );
  return (req, code) => {
    const { dry_run: _, ...labels } = labelsOf(req, options);
    terminations.inc({ ...labels, code: String(code) });
  };
}

const verbs: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  // By its method, as all verbs; the scope tells it from that of one object.
  deletecollection: 'DELETE',
  proxy: 'CONNECT',
};
const connects = new Set(['exec', 'attach', 'portforward', 'proxy']);

/** Pages that upstream counts by themselves, and whose they are there. */
const pages: Readonly<Record<string, Pick<Labels, 'subresource' | 'component'>>> = {
  ...Object.fromEntries(['/healthz', '/livez', '/readyz'].map((page) => [page, { subresource: page, component: '' }])),
  '/openapi/v3': { subresource: 'openapi/v3', component: '' },
  '/api': { subresource: 'api', component: 'apiserver' },
  '/apis': { subresource: 'apis', component: 'apiserver' },
};
const document = { subresource: 'openapi/v3/', component: '' };

function pageOf(path: string): Partial<Labels> | undefined {
  if (path.startsWith('/openapi/v3/')) return document;
  return Object.hasOwn(pages, path) ? pages[path] : undefined;
}

function labelsOf(req: Resolved, { component, known }: RequestMetricsOptions): Labels {
  const { info } = req;
  const resource = info.isResourceRequest && known(info);
  return {
    verb: reportedVerb(req),
    dry_run: req.url.search.includes('dryRun') && req.url.searchParams.get('dryRun') === 'All' ? 'All' : '',
    group: resource ? info.group : '',
    version: resource ? info.version : '',
    resource: resource ? info.resource : '',
    subresource: resource ? (info.subresource ?? '') : '',
    scope: resource ? scopeOf(info) : '',
    component,
    ...(!info.isResourceRequest && pageOf(info.path)),
  };
}

function reportedVerb({ method, info, headers, url }: Resolved): string {
  if (!info.isResourceRequest)
    return method === 'GET' || verbs[method.toLowerCase()] ? method : nonResourceVerb(method);
  if (info.subresource && connects.has(info.subresource)) return 'CONNECT';
  if (info.verb === 'patch' && headers.get('content-type')?.startsWith('application/apply-patch')) return 'APPLY';
  if (info.verb === 'get' && queryFlag(url, 'watch')) return 'GET';
  return verbs[info.verb] ?? 'other';
}

const nonResourceVerb = (method: string): string =>
  ['HEAD', 'POST', 'PUT', 'OPTIONS'].includes(method) ? method : 'other';

function scopeOf({ name, namespace, verb, resource }: RequestInfo): string {
  if (name || verb === 'create') return 'resource';
  return namespace && resource !== 'namespaces' ? 'namespace' : 'cluster';
}
