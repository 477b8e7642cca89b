import type { CachedObject } from './cached-object';
import type { Change } from './change';
import type { Flusher } from './flusher';
import { fieldOf, type Matcher } from './selection';
import type { Watcher } from './watcher';

/**
 * The watchers of one resource, found by what they select: a change reaches those whose indexed value it has or had, not
 * every kubelet of the cluster.
 */
export class Watchers {
  readonly #paths: readonly string[];
  readonly #broad = new Set<Watcher>();
  readonly #byValue = new Map<string, Set<Watcher>>();

  constructor(indexed: readonly string[]) {
    this.#paths = ['metadata.name', ...indexed, 'metadata.namespace'];
  }

  get size(): number {
    let size = this.#broad.size;
    for (const watchers of this.#byValue.values()) size += watchers.size;
    return size;
  }

  add(watcher: Watcher): void {
    const bucket = this.#bucketOf(watcher.matcher);
    if (bucket === undefined) this.#broad.add(watcher);
    else this.#byValue.set(bucket, (this.#byValue.get(bucket) ?? new Set()).add(watcher));
  }

  delete(watcher: Watcher): void {
    this.#broad.delete(watcher);
    const bucket = this.#bucketOf(watcher.matcher);
    if (bucket === undefined) return;
    const watchers = this.#byValue.get(bucket);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#byValue.delete(bucket);
  }

  /** Queues the change wherever it may be seen; `flusher` is told who has to be woken. */
  offer(change: Change, flusher: Pick<Flusher, 'touch'>): void {
    const offerTo = (watcher: Watcher): void => {
      watcher.offer(change);
      flusher.touch(watcher);
    };
    for (const watcher of this.#broad) offerTo(watcher);
    if (this.#byValue.size === 0) return;
    for (const bucket of this.#bucketsOf(change)) this.#byValue.get(bucket)?.forEach(offerTo);
  }

  end(error: Error): void {
    for (const watcher of [...this.#broad, ...[...this.#byValue.values()].flatMap((set) => [...set])])
      watcher.end(error);
  }

  /** The most selective of its equalities that there is a bucket for. */
  #bucketOf({ name, namespace, fields }: Matcher): string | undefined {
    const values: Record<string, string | undefined> = { 'metadata.name': name, 'metadata.namespace': namespace };
    for (const path of this.#paths) {
      const value = values[path] ?? fields.find((term) => term.path === path && term.operator === '=')?.value;
      if (value !== undefined) return bucketName(path, value);
    }
    return undefined;
  }

  #bucketsOf({ before, after }: Change): Set<string> {
    const buckets = new Set<string>();
    const collect = (object: CachedObject): void => {
      for (const path of this.#paths) buckets.add(bucketName(path, fieldOf(object, path) ?? ''));
    };
    if (before) collect(before);
    if (after) collect(after);
    return buckets;
  }
}

const bucketName = (path: string, value: string): string => `${path}=${value}`;
