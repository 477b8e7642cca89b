import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, 10 s at most: what did not come by then is missing in the figures. */
export async function until(condition: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<boolean> {
  for (const endMs = performance.now() + patienceMs; performance.now() < endMs;) {
    if (await condition()) return true;
    await sleep(5);
  }
  return false;
}
