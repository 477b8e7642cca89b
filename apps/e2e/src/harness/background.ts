import { spawn } from 'node:child_process';
import { kubeconfig } from './cluster';

/** A kubectl that goes on until it is disposed of. */
export interface Background extends AsyncDisposable {
  /** What it has said so far, on both of its outputs. */
  readonly output: () => string;
  /** Waits for a line that matches; rejects when it ends without. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<number>;
}

export function kubectlInBackground(args: readonly string[], env: Readonly<Record<string, string>> = {}): Background {
  const child = spawn('kubectl', args, {
    env: { ...process.env, KUBECONFIG: kubeconfig, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let listener: (() => void) | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      listener?.();
    });
  }
  const ended = Promise.withResolvers<number>();
  child.once('close', (code) => {
    ended.resolve(code ?? -1);
    listener?.();
  });
  return {
    output: () => output,
    ended: ended.promise,
    says(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      listener = () => {
        const found = pattern.exec(output);
        if (found) resolve(found);
        else if (child.exitCode !== null) reject(new Error(`kubectl ended without ${String(pattern)}: ${output}`));
      };
      listener();
      return promise;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended.promise;
    },
  };
}
