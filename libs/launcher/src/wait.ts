import { systemClock } from '@kubephant/base';

const pollMs = 50;

/**
 * Waits until `condition` holds. What it throws counts as "not yet" and is part of the error when time runs out.
 */
export async function until(
  condition: () => Promise<boolean>,
  { what, timeoutMs }: { readonly what: string; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<void> {
  const deadline = systemClock.now() + timeoutMs;
  let last: unknown;
  while (!signal.aborted) {
    try {
      if (await condition()) return;
    } catch (err) {
      last = err;
    }
    if (systemClock.now() > deadline)
      throw new Error(`${what} did not become ready within ${timeoutMs / 1000} s`, { cause: last });
    await systemClock.sleep(pollMs, signal);
  }
  throw new Error(`interrupted while waiting for ${what}`);
}
