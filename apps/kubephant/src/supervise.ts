import { parseArgs } from 'node:util';
import { newLogger } from '@kubephant/base';
import { supervise } from '@kubephant/launcher/supervise';

/** `supervise --data-dir=DIR`: what `up` leaves running. Not for people. */
export async function superviseCommand(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { 'data-dir': { type: 'string' } } });
  const dataDir = values['data-dir'] ?? '';
  const log = newLogger({
    component: 'supervisor',
    verbosity: 0,
    format: 'text',
    write: (line) => void process.stdout.write(line),
  });
  await supervise(
    dataDir,
    [process.execPath, ...process.execArgv, __filename, 'supervise', `--data-dir=${dataDir}`],
    log,
    signal,
  );
}
