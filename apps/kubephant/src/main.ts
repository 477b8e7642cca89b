import { isAbortError } from '@kubephant/base';
import { buildCommands } from './commands';

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

buildCommands(controller.signal)
  .parseAsync(process.argv)
  .catch((err: unknown) => {
    if (controller.signal.aborted && isAbortError(err)) return;
    const causes: string[] = [];
    for (let cause = err; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
    process.stderr.write(`kubephant: ${causes.length > 0 ? causes.join(': ') : String(err)}\n`);
    process.exitCode = 1;
  });
