import { keyString, parseKey } from '@kubephant/api';
import { newGroup, onAbort, systemClock, type Clock, type Logger } from '@kubephant/base';
import { newWorkQueue, type WorkQueue, type WorkQueueMetrics } from '@kubephant/informer';
import { TerminalError, type ControllerSpec, type Reconciler } from './reconciler';

export interface ControllerDeps {
  readonly log: Logger;
  readonly clock?: Clock;
  readonly metrics?: WorkQueueMetrics;
}

/**
 * Starts the sources, waits until they are synced, and lets `workers` (default 1) reconcile keys until aborted. On abort
 * the reconciliations under way end (their signal is aborted, too) and nothing is left behind.
 */
export async function runController(
  { name, sources, reconciler, workers = 1 }: ControllerSpec,
  { log, clock = systemClock, metrics }: ControllerDeps,
  signal: AbortSignal,
): Promise<void> {
  const queue = newWorkQueue<string>({ name, clock, ...(metrics && { metrics }) });
  using _ = onAbort(signal, () => queue.shutDown());
  for (const source of sources) source.start((key) => queue.add(keyString(key)));
  try {
    await Promise.all(sources.map((source) => source.synced(signal)));
  } catch (err) {
    if (signal.aborted) return;
    throw err;
  }
  const group = newGroup(signal);
  const worker = newWorker(queue, reconciler, log.with({ controller: name }));
  for (let i = 0; i < workers; i++) group.go(`${name} worker`, worker);
  await group.wait();
}

function newWorker(
  queue: WorkQueue<string>,
  reconciler: Reconciler,
  log: Logger,
): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (let key = await queue.get(); key !== undefined && !signal.aborted; key = await queue.get()) {
      await work(key, queue, reconciler, { log, signal });
    }
  };
}

async function work(
  key: string,
  queue: WorkQueue<string>,
  reconciler: Reconciler,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  try {
    const result = await reconciler.reconcile(parseKey(key), signal);
    queue.forget(key);
    if (result?.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs);
  } catch (err) {
    if (signal.aborted) return;
    if (err instanceof TerminalError) {
      queue.forget(key);
      log.error('Giving up until the object changes', err, { object: key });
    } else {
      // Conflicts and the like are everyday life: the retry is the answer, the log line is for who asks.
      log.v(2).info('Will try again', { object: key, error: err instanceof Error ? err.message : String(err) });
      queue.addRateLimited(key);
    }
  } finally {
    queue.done(key);
  }
}
