// Runs every check of the project and ends with one plain line: `N passed, N failed`.
// Arguments pick steps by name (`./kubephant test unit lint`); without any, all run.
import { spawn } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const nx = ['node_modules/.bin/nx'];
const steps = {
  packages: [process.execPath, 'apps/kubephant/dist/main.cjs', 'packages'],
  typecheck: [process.execPath, 'node_modules/ts7/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  boundaries: [...nx, 'show', 'projects'],
  lint: [process.execPath, 'node_modules/eslint/bin/eslint.js', '.'],
  format: [process.execPath, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  unit: [...nx, 'run-many', '-t', 'test', '--parallel=2', '--output-style=stream'],
  containerd: [...nx, 'run-many', '-t', 'test:containerd', '--parallel=1', '--output-style=stream'],
  e2e: [...nx, 'run', '@kubephant/app-e2e:e2e', '--output-style=stream'],
};
const counted = new Set(['unit', 'containerd', 'e2e']);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}

await forgetCounts();
let passed = 0;
let failed = 0;
for (const [name, command] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const startMs = Date.now();
  const code = await run(command);
  console.log(`  ${code === 0 ? '✓' : '✗'} ${name} ${((Date.now() - startMs) / 1000).toFixed(1)} s\n`);
  if (counted.has(name)) continue;
  if (code === 0) passed += 1;
  else failed += 1;
}
const counts = await readCounts();
passed += counts.passed;
failed += counts.failed;
// A runner that died before it counted must not pass unseen.
if (failed === 0 && process.exitCode) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function run([command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) process.exitCode = 1;
      resolve(code ?? 1);
    });
  });
}

async function countFiles() {
  const projects = await Promise.all(
    ['libs', 'apps'].map(async (dir) => (await readdir(dir)).map((name) => join(dir, name, 'coverage'))),
  );
  const found = await Promise.all(
    projects
      .flat()
      .map(async (dir) =>
        (await readdir(dir).catch(() => [])).filter((name) => name.startsWith('counts')).map((name) => join(dir, name)),
      ),
  );
  return found.flat();
}

async function forgetCounts() {
  for (const file of await countFiles()) await rm(file, { force: true });
}

async function readCounts() {
  const total = { passed: 0, failed: 0 };
  for (const file of await countFiles()) {
    const counts = JSON.parse(await readFile(file, 'utf8'));
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  return total;
}
