import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A failed command: what ran, and what it said. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program without a shell and returns its standard output. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [file = '', ...args] = argv;
  const { cwd, input, timeoutMs = 60_000, env } = options;
  const started = exec(file, args, {
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd !== undefined && { cwd }),
    ...(env && { env }),
  });
  if (input !== undefined) started.child.stdin?.end(input);
  try {
    return (await started).stdout;
  } catch (err) {
    const { stderr = '', message } = err as Error & { stderr?: string };
    throw new CommandError(`${argv.join(' ')}: ${stderr.trim() || message}`, { cause: err });
  }
}

/** Like `run`, but a failure is an answer, not an error. */
export async function succeeds(argv: readonly string[], options: CommandOptions = {}): Promise<boolean> {
  return await run(argv, options).then(
    () => true,
    () => false,
  );
}
