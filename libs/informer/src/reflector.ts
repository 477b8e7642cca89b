import { is, type KubeObject, type StatusError, type WatchEvent } from '@kubephant/api';
import { newBackoff, type Backoff, type Clock, type Logger } from '@kubephant/base';
import type { ListerWatcher } from './informer';

/** Where a reflector puts what it sees. */
export interface ReflectorSink<T extends KubeObject> {
  /** The whole state, at `resourceVersion`. */
  replace(items: readonly T[], resourceVersion: string): void;
  apply(event: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): void;
}

export interface ReflectorDeps {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random?: () => number;
}

/** client-go's page size for lists that the server may not answer from memory. */
const pageSize = 500;
/** A watch that ends sooner than this without an event is treated as a failure, so that it does not spin. */
const shortWatchMs = 1000;
/** Longest wait while nobody listens on the server's port: asking costs it nothing, and it is expected back soon. */
const refusedWaitMs = 2000;

const backoffConfig = { initialMs: 800, maxMs: 30_000, jitter: 1 } as const;

/**
 * Keeps `sink` equal to what the server has: lists, then watches from there, until aborted. A broken watch continues where
 * it was; only an expired revision makes it list again, and the sink stays filled meanwhile.
 */
export async function runReflector<T extends KubeObject>(
  source: ListerWatcher<T>,
  sink: ReflectorSink<T>,
  deps: ReflectorDeps,
  signal: AbortSignal,
): Promise<void> {
  const backoff = newBackoff({ ...backoffConfig, ...(deps.random && { random: deps.random }) });
  const position: Position = { at: undefined, listFrom: '0' };
  while (!signal.aborted) {
    const failure = await attempt(source, sink, position, { ...deps, signal });
    if (failure === undefined) backoff.reset();
    else await pause(failure, backoff, deps, signal);
  }
}

interface Position {
  /** Where the watch goes on; undefined: list first. */
  at: string | undefined;
  /** "0" takes what the server has in memory; after an expiry only the newest state will do. */
  listFrom: '0' | '';
}

/** One list (if needed) and one watch. What went wrong, if anything, and how to go on is left in `position`. */
async function attempt<T extends KubeObject>(
  source: ListerWatcher<T>,
  sink: ReflectorSink<T>,
  position: Position,
  { clock, signal }: ReflectorDeps & { readonly signal: AbortSignal },
): Promise<unknown> {
  try {
    if (position.at === undefined) {
      const listed = await listAll(source, position.listFrom, signal);
      sink.replace(listed.items, listed.resourceVersion);
      position.at = listed.resourceVersion;
    }
    const startedMs = clock.now();
    const startedAt = position.at;
    for await (const event of source.watch({ resourceVersion: position.at }, signal)) {
      if (event.type !== 'BOOKMARK') sink.apply(event);
      position.at = event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion;
    }
    const spins = position.at === startedAt && clock.now() - startedMs < shortWatchMs;
    return spins ? 'the watch ended at once' : undefined;
  } catch (err) {
    if (mustRelist(err)) Object.assign(position, { at: undefined, listFrom: '' } satisfies Position);
    return err;
  }
}

async function listAll<T extends KubeObject>(
  source: ListerWatcher<T>,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }> {
  let page = await source.list(resourceVersion === '0' ? { resourceVersion } : { limit: pageSize }, signal);
  if (!page.continue) return page;
  const items = [...page.items];
  while (page.continue) {
    page = await source.list({ limit: pageSize, continue: page.continue }, signal);
    items.push(...page.items);
  }
  return { items, resourceVersion: page.resourceVersion };
}

/** The revision is no longer (or, after a restore, not yet) there: continuing from it is impossible. */
function mustRelist(err: unknown): boolean {
  return is('Expired', err) || is('Gone', err) || (is('Timeout', err) && isTooLarge(err));
}

const isTooLarge = ({ status }: StatusError): boolean =>
  status.details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge') ?? false;

async function pause(why: unknown, backoff: Backoff, deps: ReflectorDeps, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { clock, log, name } = deps;
  const error = why instanceof Error ? why.message : String(why);
  const waitMs = isRefused(why) ? Math.min(refusedWaitMs, backoff.next()) : backoff.next();
  log.v(2).info('Watch or list failed, trying again', { reflector: name, error, waitMs: Math.round(waitMs) });
  await clock.sleep(waitMs, signal);
}

function isRefused(err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === 'ECONNREFUSED';
}
