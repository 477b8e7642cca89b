import { addAbortListener } from 'node:events';

/**
 * Calls `listener` once when the signal aborts (at once if it already has). The returned disposable removes the
 * listener: a bare `addEventListener('abort', …, { once: true })` would stay behind on a long-lived signal.
 */
export function onAbort(signal: AbortSignal, listener: () => void): Disposable {
  return addAbortListener(signal, listener);
}

/** Rejects with the signal's reason as soon as it aborts; otherwise settles like `work`. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  using _ = onAbort(signal, () => aborted.reject(signal.reason as Error));
  return await Promise.race([work, aborted.promise]);
}

/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<undefined>();
  using _ = onAbort(signal, () => aborted.resolve(undefined));
  await aborted.promise;
}

/** True for the error a cancelled wait throws: not a failure when our own signal caused it. */
export function isAbortError(err: unknown): boolean {
  return err instanceof Error && (err.name === 'AbortError' || err.name === 'TimeoutError');
}
