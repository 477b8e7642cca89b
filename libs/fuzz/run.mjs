// Fuzzes longer than the tests do: `npm run fuzz -- --minutes 10 --target "decode json" [--seed 7]`.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from 'jest';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
process.env.FUZZ_MINUTES = values.minutes;
process.env.FUZZ_SEED = values.seed;
console.error(`seed ${values.seed}, ${values.minutes} min for each target`);
const root = join(import.meta.dirname, '..', '..');
const chosen = values.target ? ['-t', values.target] : [];
await run([
  '-c',
  join(root, 'jest.preset.cjs'),
  '--rootDir',
  root,
  '--runInBand',
  '--testMatch',
  '**/{libs,apps}/*/src/**/*fuzz.spec.ts',
  '--testTimeout',
  '86400000',
  ...chosen,
]);
