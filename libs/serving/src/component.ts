import { StatusError } from '@kubephant/api';
import { Counter, Histogram, version as buildVersion, type Metrics } from '@kubephant/base';
import type { Handler, Incoming, Reply } from './handler';
import { noRepresentation, parseAccept } from './accept';
import { newHealth, type HealthEndpoints } from './health';
import { newStatusz } from './statusz';
import { bareTextReply, pageNotFound } from './text-reply';

export interface ComponentEndpoints extends HealthEndpoints {
  readonly metrics: Metrics;
  readonly version?: object;
  /** What /statusz calls the component; without it there is none. */
  readonly name?: string;
}

export interface ComponentRoutes {
  (req: Incoming): Promise<Reply> | undefined;
  /** Every path that is answered. */
  readonly paths: readonly string[];
}

const { major, minor, ...build } = buildVersion;
/** What upstream's /version says beside the build, in its order: nothing of it is a promise. */
const defaultVersion = {
  major,
  minor,
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: String(Number(minor) - 1),
  ...build,
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

/**
 * What every component serves: /metrics, /metrics/slis, /version, /statusz for one with a name, and /healthz, /livez,
 * /readyz with `?verbose`, `?exclude=NAME` and a path per check (`/readyz/NAME`). Undefined for other paths.
 */
export function componentRoutes(endpoints: ComponentEndpoints): ComponentRoutes {
  const { metrics, name, version = defaultVersion } = endpoints;
  const health = newHealth(endpoints);
  const pages = new Map<string, (req: Incoming) => Promise<Reply>>([
    ['/metrics', (req) => exposition(metrics, req)],
    ['/metrics/slis', (req) => exposition(health.slis, req)],
    ['/version', (req) => versionReply(req, version)],
  ]);
  if (name !== undefined) {
    const statusz = newStatusz({ name, paths: ['/healthz', '/livez', '/metrics', '/readyz', '/statusz', '/version'] });
    pages.set('/statusz', async (req) => statusz(req));
  }
  const route = (req: Incoming): Promise<Reply> | undefined => {
    const { pathname } = req.url;
    const page = pages.get(pathname === '/version/' ? '/version' : pathname);
    return page ? page(req) : health.route(req);
  };
  return Object.assign(route, { paths: [...pages.keys(), ...health.paths] });
}

/** A whole server of `componentRoutes` and nothing else: the metrics and health port of a component. */
export function componentHandler(endpoints: ComponentEndpoints): Handler<Incoming> {
  const routes = componentRoutes(endpoints);
  return async (req) => routes(req) ?? pageNotFound();
}

async function exposition({ registry }: Metrics, { method }: Incoming): Promise<Reply> {
  if (method === 'DELETE') return reset(registry);
  const text = await registry.metrics();
  return { kind: 'bytes', status: 200, contentType: registry.contentType, chunks: [Buffer.from(text)] };
}

/** What counts begins anew; what a gauge tells is so nevertheless. */
function reset(registry: Metrics['registry']): Reply {
  for (const { name } of registry.getMetricsAsArray()) {
    const metric: unknown = registry.getSingleMetric(name);
    if (metric instanceof Counter || metric instanceof Histogram) metric.reset();
  }
  return bareTextReply('metrics reset\n');
}

/** Upstream indents this answer, whoever asks. */
async function versionReply({ method, headers }: Incoming, body: object): Promise<Reply> {
  if (method !== 'GET') throw methodNotAllowed();
  const accept = headers.get('accept');
  const served = !accept || parseAccept(accept).some(({ type }) => type === '*/*' || type === 'application/json');
  if (!served) throw noRepresentation(['application/json']);
  const text = JSON.stringify(body, null, 2);
  return { kind: 'bytes', status: 200, contentType: 'application/json', chunks: [Buffer.from(text)] };
}

/** 405 in upstream's words. */
export const methodNotAllowed = (): StatusError =>
  new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
