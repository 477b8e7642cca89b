import { is, type ObjectKey } from '@kubephant/api';
import { newGroup, onAbort, type Clock, type Logger, type Run } from '@kubephant/base';
import { pods, type Client } from '@kubephant/client';
import { newExponentialLimiter, newWorkQueue, type WorkQueue } from '@kubephant/informer';
import type { Pod, PodStatus } from '@kubephant/schema';
import type { KubeletMetrics } from '../metrics/kubelet-metrics';

/** Brings statuses to the API, the newest of each pod, and only when they differ from what is there. */
export interface StatusWriter {
  set(pod: Pod, status: PodStatus): void;
  /** Resolves once what was last set is written, or the pod is gone. */
  written(uid: string, signal: AbortSignal): Promise<void>;
  forget(uid: string): void;
  readonly run: Run;
}

interface Wanted {
  readonly pod: Pod;
  readonly status: PodStatus;
  readonly sinceMs: number;
}

export interface StatusWriterDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: KubeletMetrics;
}

const workers = 8;

export function newStatusWriter(deps: StatusWriterDeps): StatusWriter {
  const wanted = new Map<string, Wanted>();
  const waiters = new Map<string, (() => void)[]>();
  const queue = newWorkQueue<string>({
    name: 'pod_status',
    clock: deps.clock,
    rateLimiter: newExponentialLimiter({ baseMs: 500, maxMs: 10_000 }),
  });
  const settle = (uid: string): void => {
    wanted.delete(uid);
    for (const resolve of waiters.get(uid) ?? []) resolve();
    waiters.delete(uid);
  };

  const process = async (uid: string, signal: AbortSignal): Promise<void> => {
    const want = wanted.get(uid);
    if (!want) return;
    try {
      await write(deps, want, signal);
      queue.forget(uid);
      if (wanted.get(uid) === want) settle(uid);
      else queue.add(uid);
    } catch (err) {
      if (signal.aborted) return;
      if (is('NotFound', err) || isRefusal(err)) {
        if (isRefusal(err)) deps.log.error('The API refuses a pod status', err, { pod: want.pod.metadata.name });
        settle(uid);
        return;
      }
      // The API may be away for long: what is to be said is kept, and newer news replaces it.
      deps.log.v(2).info('Pod status not written yet', { pod: want.pod.metadata.name, err: String(err) });
      queue.addRateLimited(uid);
    }
  };

  return {
    set(pod, status) {
      const { uid } = pod.metadata;
      wanted.set(uid, { pod, status, sinceMs: deps.clock.now() });
      queue.add(uid);
    },
    async written(uid, signal) {
      if (!wanted.has(uid)) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      waiters.set(uid, [...(waiters.get(uid) ?? []), () => resolve(undefined)]);
      using _ = onAbort(signal, () => resolve(undefined));
      await promise;
    },
    forget: settle,
    run: (signal) => work(queue, (uid) => process(uid, signal), signal),
  };
}

async function work(
  queue: WorkQueue<string>,
  process: (uid: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const group = newGroup(signal);
  using _ = onAbort(signal, () => queue.shutDown());
  for (let i = 0; i < workers; i++) {
    group.go(`status writer ${i}`, async () => {
      for (let uid = await queue.get(); uid !== undefined; uid = await queue.get()) {
        await process(uid);
        queue.done(uid);
      }
    });
  }
  await group.wait();
}

/** An answer that will be the same next time: a pod must not wait for it on its way out. */
const isRefusal = (err: unknown): boolean => is('Invalid', err) || is('BadRequest', err);

/** One attempt; after a Conflict the next one starts from the pod as it is now. Rejects with NotFound when it is another pod by now. */
async function write(
  { client, clock, metrics }: StatusWriterDeps,
  { pod, status, sinceMs }: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const key: ObjectKey = { namespace: pod.metadata.namespace, name: pod.metadata.name };
  const resource = client.resource(pods);
  let current = pod;
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0) current = await resource.get(key, signal);
    const { uid, resourceVersion } = current.metadata;
    if (uid !== pod.metadata.uid) return;
    const changes = statusPatch(current.status ?? {}, withForeignConditions(status, current));
    if (!changes) return;
    try {
      await resource.patch(
        key,
        { type: 'merge', body: { metadata: { uid, resourceVersion }, status: changes } },
        signal,
        { subresource: 'status' },
      );
      metrics.podStatusSyncSeconds.observe((clock.now() - sinceMs) / 1000);
      return;
    } catch (err) {
      if (!is('Conflict', err) || attempt >= 5) throw err;
    }
  }
}

/** Conditions of other owners as they are now, not as they were when the status was made. */
function withForeignConditions(status: PodStatus, current: Pod): PodStatus {
  const own = (status.conditions ?? []).filter(({ type }) => kubeletConditions.has(type));
  const foreign = (current.status?.conditions ?? []).filter(({ type }) => !kubeletConditions.has(type));
  return { ...status, conditions: [...own, ...foreign] };
}

/** The conditions that a kubelet owns; all others are somebody else's. */
export const kubeletConditions: ReadonlySet<string> = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
]);

/** The fields that differ, with null for those to be removed; fields a kubelet does not own are left alone. */
export function statusPatch(before: PodStatus, after: PodStatus): Record<string, unknown> | undefined {
  const old = before as Readonly<Record<string, unknown>>;
  const next = after as Readonly<Record<string, unknown>>;
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(next)) if (!same(old[name], value)) changes[name] = value;
  for (const name of removable) if (old[name] !== undefined && next[name] === undefined) changes[name] = null;
  return Object.keys(changes).length > 0 ? changes : undefined;
}

const removable = ['reason', 'message', 'initContainerStatuses', 'ephemeralContainerStatuses'];

/** Equal as JSON, whatever the order of keys; an absent field, null and an empty object or list are the same. */
function same(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => same(left[key], right[key]));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
