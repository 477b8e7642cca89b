import type { Pod } from '@kubephant/schema';
import type { Clock } from '@kubephant/base';
import type { ClusterEvent, SchedulerPlugin } from './interfaces';

/** A pod that wants a node, and how often it was tried. */
export interface QueuedPod {
  readonly pod: Pod;
  readonly attempts: number;
  readonly firstTriedAtMs?: number;
  readonly queuedAtMs: number;
}

export type QueueName = 'active' | 'backoff' | 'unschedulable' | 'gated';

/**
 * Pods without a node. Active ones are popped by priority, then by age; one that could not be placed waits until
 * something happens that one of the plugins which rejected it asked for, and then at least for its back-off.
 */
export interface SchedulingQueue {
  /** Adds the pod, or takes over its newer state; a changed spec gives an unschedulable one another chance. */
  set(pod: Pod): void;
  delete(uid: string): void;
  /** The next pod, in flight until `done` or `giveUp`; undefined once closed. */
  pop(): Promise<QueuedPod | undefined>;
  /** It was placed, or is gone. */
  done(uid: string): void;
  /** It could not be placed. Without rejecting plugins (an error) it is simply tried again after its back-off. */
  giveUp(entry: QueuedPod, rejectedBy: ReadonlySet<string>): void;
  move(event: ClusterEvent): void;
  /** Brings back whose back-off is over and who has waited too long for an event. */
  flush(): void;
  close(): void;
  lengths(): Readonly<Record<QueueName, number>>;
}

interface Entry extends QueuedPod {
  readonly where: QueueName | 'inFlight';
  readonly rejectedBy: ReadonlySet<string>;
  readonly backoffUntilMs: number;
  /** Events seen while in flight. */
  readonly missed: ReadonlySet<ClusterEvent>;
}

const initialBackoffMs = 1_000;
const maxBackoffMs = 10_000;
/** However quiet the cluster: nobody waits longer than this without being tried. */
const maxUnschedulableMs = 300_000;

interface QueueDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly plugins: readonly SchedulerPlugin[];
}

export function newSchedulingQueue({ clock, plugins }: QueueDeps): SchedulingQueue {
  const entries = new Map<string, Entry>();
  let waiting: PromiseWithResolvers<QueuedPod | undefined> | undefined;
  let closed = false;

  const requeueOn = new Map(plugins.map(({ name, requeueOn: events = [] }) => [name, new Set(events)]));
  const wants = ({ rejectedBy }: Pick<Entry, 'rejectedBy'>, event: ClusterEvent): boolean =>
    [...rejectedBy].some((name) => requeueOn.get(name)?.has(event));
  const isGated = (pod: Pod): boolean => plugins.some((plugin) => plugin.preEnqueue?.(pod) !== undefined);

  const put = (entry: Entry): void => {
    entries.set(entry.pod.metadata.uid, entry);
    serve();
  };
  const activate = (entry: Entry): void => {
    const where = clock.now() < entry.backoffUntilMs ? 'backoff' : 'active';
    put({ ...entry, where, queuedAtMs: clock.now() });
  };
  const take = (): QueuedPod | undefined => {
    const active = [...entries.values()].filter(({ where }) => where === 'active');
    const next = active.reduce<Entry | undefined>(
      (best, entry) => (!best || isBefore(entry, best) ? entry : best),
      undefined,
    );
    if (!next) return undefined;
    const inFlight: Entry = {
      ...next,
      where: 'inFlight',
      missed: new Set(),
      attempts: next.attempts + 1,
      firstTriedAtMs: next.firstTriedAtMs ?? clock.now(),
    };
    entries.set(next.pod.metadata.uid, inFlight);
    return inFlight;
  };
  const serve = (): void => {
    const entry = waiting && take();
    if (!entry) return;
    waiting?.resolve(entry);
    waiting = undefined;
  };

  return {
    set(pod) {
      const known = entries.get(pod.metadata.uid);
      const fresh = {
        pod,
        attempts: 0,
        queuedAtMs: clock.now(),
        rejectedBy: new Set<string>(),
        backoffUntilMs: 0,
        missed: new Set<ClusterEvent>(),
      };
      if (!known) put({ ...fresh, where: isGated(pod) ? 'gated' : 'active' });
      else if (known.where === 'gated') put({ ...known, pod, where: isGated(pod) ? 'gated' : 'active' });
      else if (known.where === 'unschedulable' && changesPlacement(known.pod, pod)) activate({ ...known, pod });
      else put({ ...known, pod });
    },
    delete: (uid) => void entries.delete(uid),
    async pop() {
      if (closed) return undefined;
      const entry = take();
      if (entry) return entry;
      waiting = Promise.withResolvers();
      return await waiting.promise;
    },
    done: (uid) => void entries.delete(uid),
    giveUp({ pod, attempts, firstTriedAtMs }, rejectedBy) {
      const known = entries.get(pod.metadata.uid);
      // Deleted meanwhile.
      if (!known) return;
      const backoffMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** (attempts - 1));
      const entry: Entry = {
        ...known,
        attempts,
        ...(firstTriedAtMs !== undefined && { firstTriedAtMs }),
        rejectedBy,
        queuedAtMs: clock.now(),
        backoffUntilMs: clock.now() + backoffMs,
      };
      const missed = [...known.missed].some((event) => wants(entry, event));
      if (missed || rejectedBy.size === 0) put({ ...entry, where: 'backoff' });
      else put({ ...entry, where: 'unschedulable' });
    },
    move(event) {
      for (const entry of [...entries.values()]) {
        if (entry.where === 'inFlight')
          entries.set(entry.pod.metadata.uid, { ...entry, missed: new Set([...entry.missed, event]) });
        else if (entry.where === 'unschedulable' && wants(entry, event)) activate(entry);
      }
    },
    flush() {
      for (const entry of [...entries.values()]) {
        const overdue = entry.where === 'unschedulable' && clock.now() - entry.queuedAtMs > maxUnschedulableMs;
        if (overdue || (entry.where === 'backoff' && clock.now() >= entry.backoffUntilMs)) activate(entry);
      }
    },
    close() {
      closed = true;
      waiting?.resolve(undefined);
    },
    lengths() {
      const lengths = { active: 0, backoff: 0, unschedulable: 0, gated: 0 };
      for (const { where } of entries.values()) if (where !== 'inFlight') lengths[where] += 1;
      return lengths;
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  const byPriority = (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0);
  return byPriority === 0 ? a.queuedAtMs < b.queuedAtMs : byPriority < 0;
}

/** A status report alone makes no difference to where a pod may go. */
function changesPlacement(old: Pod, pod: Pod): boolean {
  const relevant = ({ spec, metadata: { labels, annotations } }: Pod): string =>
    JSON.stringify([spec, labels, annotations]);
  return relevant(old) !== relevant(pod);
}
