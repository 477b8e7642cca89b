import { keyString, type KubeObject, type ObjectKey } from '@kubephant/api';
import type { SharedInformer } from '@kubephant/informer';

export type Result = { readonly requeueAfterMs?: number } | undefined;

/** Level, not edge: reads the current state of `key` from listers and converges. A throw is retried with backoff. */
export interface Reconciler {
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- reconcilers that never requeue return nothing
  reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result | void>;
}

/** Thrown by a reconciler: counted and logged, not retried. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** Turns what happens elsewhere into keys to reconcile. */
export interface Source {
  start(enqueue: (key: ObjectKey) => void): void;
  synced(signal: AbortSignal): Promise<void>;
}

export interface ControllerSpec {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly reconciler: Reconciler;
  readonly workers?: number;
}

/** Enqueues `keys(obj)` for every add, update (of the old and the new object) and delete that the informer reports. */
export function changes<T extends KubeObject>(
  informer: SharedInformer<T>,
  keys: (obj: T) => readonly ObjectKey[],
): Source {
  return {
    start(enqueue) {
      const enqueueAll = (obj: T): void => keys(obj).forEach(enqueue);
      informer.addEventHandler({
        onAdd: enqueueAll,
        // Each key once: a worker may take the first at once, and the second would make it work again.
        onUpdate: (old, obj) =>
          new Map([...keys(old), ...keys(obj)].map((key) => [keyString(key), key])).forEach((key) => enqueue(key)),
        onDelete: enqueueAll,
      });
    },
    synced: (signal) => informer.synced(signal),
  };
}
