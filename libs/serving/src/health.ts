import { newMetrics, systemClock, type Metrics } from '@kubephant/base';
import type { Incoming, Reply } from './handler';
import { bareTextReply, pageNotFound, textReply } from './text-reply';

/** Something that must hold for a component to be alive or ready; throws (or rejects) while it does not. */
export interface HealthCheck {
  readonly name: string;
  check(): void | Promise<void>;
}

export interface HealthEndpoints {
  readonly livez?: readonly HealthCheck[];
  /** What must hold beside the liveness checks. */
  readonly readyz?: readonly HealthCheck[];
}

export interface Health {
  /** Answers /healthz, /livez, /readyz and the path of each of their checks; undefined for other paths. */
  readonly route: (req: Incoming) => Promise<Reply> | undefined;
  /** Every path that is answered. */
  readonly paths: readonly string[];
  /** How often which check went how: /metrics/slis. */
  readonly slis: Metrics;
}

const ping: HealthCheck = { name: 'ping', check: () => undefined };

type Checks = Readonly<Record<string, readonly HealthCheck[]>>;

export function newHealth({ livez = [], readyz = [] }: HealthEndpoints): Health {
  const live = [ping, ...livez];
  const ready = [...live, ...readyz];
  const checks: Checks = { healthz: live, livez: live, readyz: ready };
  const slis = newMetrics();
  const failureOf = newFailures(slis);
  return {
    slis,
    paths: pathsOf(checks),
    route(req) {
      const [, type = '', ...rest] = req.url.pathname.split('/');
      const all = Object.hasOwn(checks, type) ? checks[type] : undefined;
      if (!all || (rest.length > 0 && rest[0] === '')) return undefined;
      return rest.length === 0
        ? summary({ type, all, failureOf }, req.url.searchParams)
        : single({ type, all, failureOf }, rest.join('/'));
    },
  };
}

const pathsOf = (checks: Checks): readonly string[] =>
  Object.entries(checks).flatMap(([type, all]) => [`/${type}`, ...all.map(({ name }) => `/${type}/${name}`)]);

/** The checks behind one path. */
interface Examination {
  readonly type: string;
  readonly all: readonly HealthCheck[];
  readonly failureOf: FailureOf;
}

async function single({ type, all, failureOf }: Examination, name: string): Promise<Reply> {
  const one = all.find((check) => check.name === name);
  if (!one) return pageNotFound();
  const failure = await failureOf(type, one);
  return failure === undefined ? bareTextReply('ok') : textReply(500, `internal server error: ${failure}\n`);
}

async function summary(examination: Examination, query: URLSearchParams): Promise<Reply> {
  const { type, all } = examination;
  const excluded = new Set(query.getAll('exclude').filter(Boolean));
  const results = await Promise.all(all.map((check) => line(examination, check, excluded)));
  const unmatched = [...excluded].filter((name) => !all.some((check) => check.name === name));
  const failed = results.some(({ ok }) => !ok);
  if (!failed && !query.has('verbose')) return textReply(200, 'ok');
  const lines = [
    ...results.map(({ text }) => text),
    ...(unmatched.length > 0 ? [cannotExclude(unmatched)] : []),
    failed ? `${type} check failed\n` : `${type} check passed\n`,
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
async function line(
  { type, failureOf }: Examination,
  check: HealthCheck,
  excluded: ReadonlySet<string>,
): Promise<Line> {
  if (excluded.has(check.name)) return { ok: true, text: `[+]${check.name} excluded: ok\n` };
  const ok = (await failureOf(type, check)) === undefined;
  return { ok, text: ok ? `[+]${check.name} ok\n` : `[-]${check.name} failed: reason withheld\n` };
}

/** Why a check fails; undefined when it does not. */
type FailureOf = (type: string, check: HealthCheck) => Promise<string | undefined>;

/** Counts each check that is made. */
function newFailures(slis: Metrics): FailureOf {
  const labels = ['name', 'type'] as const;
  const last = slis.gauge('kubernetes_healthcheck', 'This metric records the result of a single healthcheck.', labels);
  const total = slis.counter('kubernetes_healthchecks_total', 'This metric records the results of all healthcheck.', [
    ...labels,
    'status',
  ]);
  return async (type, check) => {
    const failure = await examine(check);
    const of = { name: check.name, type };
    last.set(of, failure === undefined ? 1 : 0);
    total.inc({ ...of, status: failure === undefined ? 'success' : 'error' });
    return failure;
  };
}

/** A probe that waits is a probe that fails: what does not answer in this time is not healthy. */
const checkMs = 3000;

async function examine(health: HealthCheck): Promise<string | undefined> {
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
