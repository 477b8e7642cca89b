import type { ControllerContext } from './context';

/** Acts every `ms` until aborted. What fails is told to who asks, and tried again the next time. */
export async function every(
  { clock, log }: Pick<ControllerContext, 'clock' | 'log'>,
  ms: number,
  act: (signal: AbortSignal) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(ms, signal);
    if (signal.aborted) return;
    try {
      await act(signal);
    } catch (err) {
      log.v(2).info('Will try again', { error: err instanceof Error ? err.message : String(err) });
    }
  }
}
