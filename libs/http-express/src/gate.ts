import type { Writable } from 'node:stream';
import { onAbort } from '@kubephant/base';

/** Waits on one writable with one set of listeners, however often it has to wait. */
export interface Gate extends Disposable {
  /** Resolves true when more may be written, false when the other end has gone or has read nothing for the time allowed. */
  opened(): Promise<boolean>;
  /** The work's result, or undefined as soon as the writable closes or the server stops. */
  unlessClosed<T>(work: Promise<T>): Promise<T | undefined>;
}

export function newGate(writable: Writable, stallMs: number, stopping?: AbortSignal): Gate {
  let waiting: ((open: boolean) => void) | undefined;
  let interrupt: (() => void) | undefined;
  let stopped = stopping?.aborted ?? false;
  let isClosed = writable.closed || writable.destroyed;
  const settle = (open: boolean): void => {
    waiting?.(open);
    waiting = undefined;
  };
  const onDrain = (): void => settle(true);
  const onClose = (): void => {
    isClosed = true;
    settle(false);
    interrupt?.();
  };
  writable.on('drain', onDrain);
  writable.on('close', onClose);
  const onStop = (): void => {
    stopped = true;
    interrupt?.();
  };
  const stop = stopping && onAbort(stopping, onStop);

  return {
    async opened() {
      if (isClosed) return false;
      if (!writable.writableNeedDrain) return true;
      const drained = Promise.withResolvers<boolean>();
      waiting = drained.resolve;
      const timer = setTimeout(settle, stallMs, false);
      try {
        return await drained.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    // Not Promise.race: a promise that outlives every race would keep all of them.
    async unlessClosed<T>(work: Promise<T>) {
      if (isClosed || stopped) return undefined;
      const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
      interrupt = () => resolve(undefined);
      work.then(resolve, reject);
      try {
        return await promise;
      } finally {
        interrupt = undefined;
      }
    },
    [Symbol.dispose]() {
      writable.off('drain', onDrain);
      writable.off('close', onClose);
      stop?.[Symbol.dispose]();
    },
  };
}
