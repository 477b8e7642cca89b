import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that goes on until it is told to stop. */
export interface Running {
  /** The next line of its standard output; what it said besides, if it ends instead. */
  next(): Promise<string>;
  /** Interrupts it, and waits for its end. */
  stop(): Promise<void>;
}

export function start(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<void>((resolve, reject) => child.once('close', () => resolve()).once('error', reject));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${command} ${args.join(' ')} ended: ${stderr}`);
      return value;
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
