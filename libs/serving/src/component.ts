import { StatusError } from '@kubephant/api';
import { systemClock, version as buildVersion, type Metrics } from '@kubephant/base';
import type { Handler, Incoming, Reply } from './handler';
import { noRepresentation, parseAccept } from './accept';

/** Something that must hold for a component to be alive or ready; throws (or rejects) while it does not. */
export interface HealthCheck {
  readonly name: string;
  check(): void | Promise<void>;
}

export interface ComponentEndpoints {
  readonly metrics: Metrics;
  readonly livez?: readonly HealthCheck[];
  /** What must hold beside the liveness checks. */
  readonly readyz?: readonly HealthCheck[];
  readonly version?: object;
}

const ping: HealthCheck = { name: 'ping', check: () => undefined };

/** A short text answer. */
export const textReply = (status: number, text: string): Reply => ({
  kind: 'bytes',
  status,
  contentType: 'text/plain; charset=utf-8',
  chunks: [Buffer.from(text)],
  headers: { 'x-content-type-options': 'nosniff' },
});

/** What unknown paths get that belong to no API group. */
export const pageNotFound = (): Reply => textReply(404, '404 page not found\n');

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
 * What every component serves: /metrics, /version, and /healthz, /livez, /readyz with `?verbose`, `?exclude=NAME` and a
 * path per check (`/readyz/NAME`). Undefined for other paths.
 */
export function componentRoutes(endpoints: ComponentEndpoints): (req: Incoming) => Promise<Reply> | undefined {
  const live = [ping, ...(endpoints.livez ?? [])];
  const ready = [...live, ...(endpoints.readyz ?? [])];
  const checks: Readonly<Record<string, readonly HealthCheck[]>> = { healthz: live, livez: live, readyz: ready };
  const version = endpoints.version ?? defaultVersion;
  return (req) => {
    const [, first = '', ...rest] = req.url.pathname.split('/');
    if (Object.hasOwn(checks, first)) return health(first, checks[first] ?? [], rest.join('/'), req);
    if (rest.join('/') !== '') return undefined;
    if (first === 'metrics') return exposition(endpoints.metrics);
    return first === 'version' ? versionReply(req, version) : undefined;
  };
}

/** A whole server of `componentRoutes` and nothing else: the metrics and health port of a component. */
export function componentHandler(endpoints: ComponentEndpoints): Handler<Incoming> {
  const routes = componentRoutes(endpoints);
  return async (req) => routes(req) ?? pageNotFound();
}

async function exposition({ registry }: Metrics): Promise<Reply> {
  const text = await registry.metrics();
  return { kind: 'bytes', status: 200, contentType: registry.contentType, chunks: [Buffer.from(text)] };
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

async function health(kind: string, checks: readonly HealthCheck[], path: string, req: Incoming): Promise<Reply> {
  if (path === '') return summary(kind, checks, req.url.searchParams);
  const one = checks.find(({ name }) => name === path);
  if (!one) return pageNotFound();
  const failure = await failureOf(one);
  return failure === undefined ? textReply(200, 'ok') : textReply(500, `internal server error: ${failure}\n`);
}

async function summary(kind: string, checks: readonly HealthCheck[], query: URLSearchParams): Promise<Reply> {
  const excluded = new Set(query.getAll('exclude').filter(Boolean));
  const results = await Promise.all(checks.map((check) => line(check, excluded)));
  const unmatched = [...excluded].filter((name) => !checks.some((check) => check.name === name));
  const failed = results.some(({ ok }) => !ok);
  if (!failed && !query.has('verbose')) return textReply(200, 'ok');
  const lines = [
    ...results.map(({ text }) => text),
    ...(unmatched.length > 0 ? [cannotExclude(unmatched)] : []),
    failed ? `${kind} check failed\n` : `${kind} check passed\n`,
  ];
  return textReply(failed ? 500 : 200, lines.join(''));
}

const cannotExclude = (names: readonly string[]): string =>
  `warn: some health checks cannot be excluded: no matches for ${names.map((name) => JSON.stringify(name)).join(',')}\n`;

interface Line {
  readonly ok: boolean;
  readonly text: string;
}

/** Why a check fails is for the log and the check's own path, not for everyone who may ask for health. */
async function line(check: HealthCheck, excluded: ReadonlySet<string>): Promise<Line> {
  if (excluded.has(check.name)) return { ok: true, text: `[+]${check.name} excluded: ok\n` };
  const ok = (await failureOf(check)) === undefined;
  return { ok, text: ok ? `[+]${check.name} ok\n` : `[-]${check.name} failed: reason withheld\n` };
}

/** A probe that waits is a probe that fails: what does not answer in this time is not healthy. */
const checkMs = 3000;

async function failureOf(health: HealthCheck): Promise<string | undefined> {
  const answered = new AbortController();
  try {
    const late = systemClock.sleep(checkMs, answered.signal).then(() => 'no answer in time');
    const failure = await Promise.race([health.check(), late]);
    return failure ?? undefined;
  } catch (err) {
    return err instanceof Error ? err.message : String(err);
  } finally {
    answered.abort();
  }
}
