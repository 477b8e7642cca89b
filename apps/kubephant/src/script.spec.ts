import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

it('`./kubephant down` stops a cluster without installing or building anything', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'kubephant-script-'));
  try {
    const script = join(checkout, 'kubephant');
    cpSync(resolve(__dirname, '..', '..', '..', 'kubephant'), script);
    const dist = join(checkout, 'apps', 'kubephant', 'dist');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, 'main.cjs'), 'console.log(process.argv.slice(2).join(" "))');
    // There is nothing to install from, and nothing to build.
    expect(execFileSync('bash', [script, 'down', '--data-dir=/d'], { encoding: 'utf8' })).toBe('down --data-dir=/d\n');
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
