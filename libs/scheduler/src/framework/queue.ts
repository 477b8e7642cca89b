import type { Pod } from '@kubephant/schema';
import type { Clock } from '@kubephant/base';
import { newKeyedHeap } from './heap';
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
  /** Which of two pods that are equal otherwise came first. */
  readonly order: number;
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

export function newSchedulingQueue(deps: QueueDeps): SchedulingQueue {
  return new PriorityQueue(deps);
}

class PriorityQueue implements SchedulingQueue {
  readonly #deps: QueueDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #active = newKeyedHeap<Entry>(isBefore);
  /** Whom events concern: those in flight and the unschedulable. */
  readonly #listening = new Set<string>();
  #arrivals = 0;
  readonly #requeueOn: ReadonlyMap<string, ReadonlySet<ClusterEvent>>;
  #waiting: PromiseWithResolvers<QueuedPod | undefined> | undefined;
  #closed = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#requeueOn = new Map(deps.plugins.map(({ name, requeueOn = [] }) => [name, new Set(requeueOn)]));
  }

  get #nowMs(): number {
    return this.#deps.clock.now();
  }

  set(pod: Pod): void {
    const known = this.#entries.get(pod.metadata.uid) ?? fresh(pod, this.#nowMs, this.#arrivals++);
    const entry = { ...known, pod };
    if (known.where === 'gated') this.#put({ ...entry, where: this.#isGated(pod) ? 'gated' : 'active' });
    else if (known.where === 'unschedulable' && changesPlacement(known.pod, pod)) this.#activate(entry);
    else this.#put(entry);
  }

  delete(uid: string): void {
    this.#entries.delete(uid);
    this.#active.delete(uid);
    this.#listening.delete(uid);
  }

  async pop(): Promise<QueuedPod | undefined> {
    if (this.#closed) return undefined;
    const entry = this.#take();
    if (entry) return entry;
    this.#waiting = Promise.withResolvers();
    return await this.#waiting.promise;
  }

  done(uid: string): void {
    this.delete(uid);
  }

  giveUp({ pod, attempts, firstTriedAtMs }: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    const known = this.#entries.get(pod.metadata.uid);
    // Deleted meanwhile.
    if (!known) return;
    const backoffMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** (attempts - 1));
    const entry: Entry = {
      ...known,
      attempts,
      ...(firstTriedAtMs !== undefined && { firstTriedAtMs }),
      rejectedBy,
      queuedAtMs: this.#nowMs,
      backoffUntilMs: this.#nowMs + backoffMs,
    };
    const again = rejectedBy.size === 0 || [...known.missed].some((event) => this.#wants(entry, event));
    this.#put({ ...entry, where: again ? 'backoff' : 'unschedulable' });
  }

  move(event: ClusterEvent): void {
    for (const uid of [...this.#listening]) {
      const entry = this.#entries.get(uid);
      if (entry?.where === 'inFlight') this.#entries.set(uid, { ...entry, missed: new Set([...entry.missed, event]) });
      else if (entry?.where === 'unschedulable' && this.#wants(entry, event)) this.#activate(entry);
    }
  }

  flush(): void {
    for (const entry of [...this.#entries.values()]) {
      const overdue = entry.where === 'unschedulable' && this.#nowMs - entry.queuedAtMs > maxUnschedulableMs;
      if (overdue || (entry.where === 'backoff' && this.#nowMs >= entry.backoffUntilMs)) this.#activate(entry);
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.resolve(undefined);
  }

  lengths(): Readonly<Record<QueueName, number>> {
    const lengths = { active: 0, backoff: 0, unschedulable: 0, gated: 0 };
    for (const { where } of this.#entries.values()) if (where !== 'inFlight') lengths[where] += 1;
    return lengths;
  }

  #isGated(pod: Pod): boolean {
    return this.#deps.plugins.some((plugin) => plugin.preEnqueue?.(pod) !== undefined);
  }

  #wants({ rejectedBy }: Entry, event: ClusterEvent): boolean {
    return [...rejectedBy].some((name) => this.#requeueOn.get(name)?.has(event));
  }

  #activate(entry: Entry): void {
    const where = this.#nowMs < entry.backoffUntilMs ? 'backoff' : 'active';
    this.#put({ ...entry, where, queuedAtMs: this.#nowMs });
  }

  #put(entry: Entry): void {
    const { uid } = entry.pod.metadata;
    this.#entries.set(uid, entry);
    if (entry.where === 'active') this.#active.set(uid, entry);
    else this.#active.delete(uid);
    this.#listen(entry);
    const next = this.#waiting && this.#take();
    if (!next) return;
    this.#waiting?.resolve(next);
    this.#waiting = undefined;
  }

  #take(): QueuedPod | undefined {
    const next = this.#active.pop();
    if (!next) return undefined;
    const taken: Entry = {
      ...next,
      where: 'inFlight',
      missed: new Set(),
      attempts: next.attempts + 1,
      firstTriedAtMs: next.firstTriedAtMs ?? this.#nowMs,
    };
    this.#entries.set(next.pod.metadata.uid, taken);
    this.#listen(taken);
    return taken;
  }

  #listen({ where, pod: { metadata } }: Entry): void {
    if (where === 'inFlight' || where === 'unschedulable') this.#listening.add(metadata.uid);
    else this.#listening.delete(metadata.uid);
  }
}

/** A pod seen for the first time; whether it is gated is decided when it is set. */
function fresh(pod: Pod, nowMs: number, order: number): Entry {
  return {
    pod,
    attempts: 0,
    queuedAtMs: nowMs,
    where: 'gated',
    order,
    rejectedBy: new Set(),
    backoffUntilMs: 0,
    missed: new Set(),
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  const byPriority = (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0);
  return (byPriority || a.queuedAtMs - b.queuedAtMs || a.order - b.order) < 0;
}

/** A status report alone makes no difference to where a pod may go. */
function changesPlacement(old: Pod, pod: Pod): boolean {
  const relevant = ({ spec, metadata: { labels, annotations } }: Pod): string =>
    JSON.stringify([spec, labels, annotations]);
  return relevant(old) !== relevant(pod);
}
