import type { Clock } from '@kubephant/base';

/** Keys that become ready at a time; each key at most once, at the earliest time asked for. */
export interface DelayedKeys<K> {
  add(key: K, atMs: number): void;
  stop(): void;
}

interface Entry<K> {
  readonly key: K;
  readonly atMs: number;
}

/** One sleeper serves all keys: it sleeps until the earliest deadline and is woken when an earlier one comes. */
export function newDelayedKeys<K>(clock: Clock, ready: (key: K) => void): DelayedKeys<K> {
  const heap: Entry<K>[] = [];
  const earliest = new Map<K, number>();
  let stopped = false;
  let sleep: { readonly untilMs: number; readonly cut: AbortController } | undefined;

  const release = (): void => {
    for (let first = heap[0]; first && first.atMs <= clock.now(); first = heap[0]) {
      pop(heap);
      // A later entry of a key that was asked for again, earlier, is a leftover.
      if (earliest.get(first.key) !== first.atMs) continue;
      earliest.delete(first.key);
      ready(first.key);
    }
  };

  const serve = async (): Promise<void> => {
    for (let first = heap[0]; first; first = heap[0]) {
      sleep = { untilMs: first.atMs, cut: new AbortController() };
      await clock.sleep(Math.max(0, first.atMs - clock.now()), sleep.cut.signal);
      release();
    }
    sleep = undefined;
  };

  return {
    add(key, atMs) {
      if (stopped || (earliest.get(key) ?? Infinity) <= atMs) return;
      earliest.set(key, atMs);
      push(heap, { key, atMs });
      if (!sleep) void serve();
      else if (atMs < sleep.untilMs) sleep.cut.abort();
    },
    stop() {
      stopped = true;
      heap.length = 0;
      sleep?.cut.abort();
    },
  };
}

function push<K>(heap: Entry<K>[], entry: Entry<K>): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (isBefore(heap, parent, at)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function pop<K>(heap: Entry<K>[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && !isBefore(heap, least, child)) least = child;
    }
    if (least === at) return;
    swap(heap, at, least);
    at = least;
  }
}

const timeOf = <K>(heap: readonly Entry<K>[], at: number): number => heap[at]?.atMs ?? Infinity;

const isBefore = <K>(heap: readonly Entry<K>[], a: number, b: number): boolean => timeOf(heap, a) <= timeOf(heap, b);

function swap<K>(heap: Entry<K>[], a: number, b: number): void {
  const [left, right] = [heap[a], heap[b]];
  if (!left || !right) return;
  heap[a] = right;
  heap[b] = left;
}
