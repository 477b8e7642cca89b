import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@kubephant/base';

export interface LogRequest {
  readonly dataDir: string;
  readonly component: string;
  readonly follow: boolean;
  readonly write: (text: string) => void;
}

const pollMs = 200;

/** Prints the log of one program, and what is added to it when following. */
export async function followLog({ dataDir, component, follow, write }: LogRequest, signal: AbortSignal): Promise<void> {
  if (!/^[a-z0-9-]+$/.test(component)) throw new Error(`${JSON.stringify(component)} is not the name of a component`);
  const path = join(dataDir, 'logs', `${component}.log`);
  let position = 0;
  do {
    const { size } = await stat(path);
    // A log that became shorter was rotated: begin again.
    if (size < position) position = 0;
    position += await copyFrom(path, position, write);
    if (follow) await systemClock.sleep(pollMs, signal);
  } while (follow && !signal.aborted);
}

async function copyFrom(path: string, position: number, write: (text: string) => void): Promise<number> {
  const file = await open(path, 'r');
  try {
    const bytes = await file.read({ buffer: Buffer.alloc(1024 * 1024), position });
    write(bytes.buffer.toString('utf8', 0, bytes.bytesRead));
    return bytes.bytesRead === 0 ? 0 : bytes.bytesRead + (await continued(path, position + bytes.bytesRead, write));
  } finally {
    await file.close();
  }
}

async function continued(path: string, position: number, write: (text: string) => void): Promise<number> {
  const { size } = await stat(path);
  return position < size ? await copyFrom(path, position, write) : 0;
}
