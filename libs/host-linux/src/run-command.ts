import { spawn } from 'node:child_process';
import { StatusError } from '@kubephant/api';

const maxOutputBytes = 16 * 2 ** 20;

/** Runs a program without a shell and resolves to its standard output; rejects with its standard error when it fails. */
export async function runCommand(program: string, args: readonly string[], input?: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.once('error', reject);
  child.once('close', (code) => resolve(code ?? -1));
  // A program that does not read its input is not a failure of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await promise;
  if (code === 0) return stdout();
  throw new StatusError('InternalError', `${program} ${args.join(' ')}: ${stderr().trim() || `exit status ${code}`}`);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxOutputBytes) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString();
}
