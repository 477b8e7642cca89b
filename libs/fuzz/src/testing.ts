import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzz, type FuzzTarget } from './fuzz';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a target may keep in memory after all of its inputs: caches, compiled code. */
const keptBytes = 64 * 1024 * 1024;

const heapAfterCollection = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

/** Above what a target may take in all. */
const timeoutMs = (Number(process.env['FUZZ_MINUTES'] ?? 0) + 1) * 60_000;

/**
 * A target as a test. In the tests each has a second and a half and always the same inputs; `npm run fuzz` gives it
 * FUZZ_MINUTES, and other inputs by FUZZ_SEED.
 */
export function fuzzSuite<T>(name: string, target: FuzzTarget<T>): void {
  it(
    `${name} stands whatever comes`,
    async () => {
      const minutes = Number(process.env['FUZZ_MINUTES'] ?? 0);
      const seed = Number(process.env['FUZZ_SEED'] ?? 1);
      const ms = minutes > 0 ? minutes * 60_000 : 1500;
      const before = heapAfterCollection();
      const now = (): number => performance.now();
      const counts = await fuzz(target, { seed, ms, inputs: minutes > 0 ? Infinity : 4000, inputMs: 2000, now });
      expect(counts.taken).toBeGreaterThan(0);
      expect(heapAfterCollection() - before).toBeLessThan(keptBytes);
    },
    timeoutMs,
  );
}
