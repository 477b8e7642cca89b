import type { Clock } from '@kubephant/base';
import type { KubeObject } from '@kubephant/api';
import type { SharedInformer } from '@kubephant/informer';

/** Remembers what was written until the informer shows it: planning on an older view would create twice. */
export interface Tracker<T extends KubeObject> {
  /** `key` is the owner's. */
  wrote(key: string, obj: T): void;
  /** Whether `seen` misses something that was written for `key`. */
  isStale(key: string, seen: readonly T[]): boolean;
  forget(key: string): void;
}

/** After this long an object that was never seen has come and gone unnoticed. */
const rememberMs = 60_000;

export function newTracker<T extends KubeObject>(informer: SharedInformer<T>, clock: Pick<Clock, 'now'>): Tracker<T> {
  const written = new Map<string, Map<string, { readonly revision: bigint; readonly atMs: number }>>();
  const gone = (uid: string): void => written.forEach((byUid) => byUid.delete(uid));
  informer.addEventHandler({ onDelete: ({ metadata }) => gone(metadata.uid) });
  return {
    wrote(key, { metadata }) {
      const byUid = written.get(key) ?? new Map<string, { revision: bigint; atMs: number }>();
      written.set(key, byUid.set(metadata.uid, { revision: BigInt(metadata.resourceVersion), atMs: clock.now() }));
    },
    isStale(key, seen) {
      const revisions = new Map(seen.map(({ metadata }) => [metadata.uid, BigInt(metadata.resourceVersion)]));
      return [...(written.get(key) ?? [])].some(
        ([uid, { revision, atMs }]) => clock.now() - atMs < rememberMs && (revisions.get(uid) ?? -1n) < revision,
      );
    },
    forget: (key) => void written.delete(key),
  };
}
