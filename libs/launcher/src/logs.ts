import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@kubephant/base';

export interface LogRequest {
  readonly dataDir: string;
  readonly component: string;
  readonly follow: boolean;
  /** How many of the last lines to begin with; absent: all. */
  readonly tail?: number;
  readonly write: (text: string) => void;
}

const pollMs = 200;
const newline = 0x0a;

/** Prints the log of one program, and what is added to it when following. */
export async function followLog(
  { dataDir, component, follow, tail, write }: LogRequest,
  signal: AbortSignal,
): Promise<void> {
  const directory = join(dataDir, 'logs');
  const known = (await readdir(directory).catch(() => []))
    .filter((name) => name.endsWith('.log'))
    .map((name) => name.slice(0, -'.log'.length));
  if (!known.includes(component))
    throw new Error(`there is no log of ${JSON.stringify(component)} in ${dataDir}; there are ${known.join(', ')}`);
  const path = join(directory, `${component}.log`);
  let position = tail === undefined ? 0 : await startOfTail(path, tail);
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

/** Where the last `lines` lines begin, looked for from the end. */
async function startOfTail(path: string, lines: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(64 * 1024);
    let position = (await file.stat()).size;
    // The newline at the very end of the file is the end of the last line, not the beginning of another.
    let left = lines + 1;
    while (position > 0) {
      const length = Math.min(buffer.length, position);
      position -= length;
      const { bytesRead } = await file.read({ buffer, position, length });
      const ends = newlinesIn(buffer.subarray(0, bytesRead));
      if (ends.length >= left) return position + (ends.at(-left) ?? 0) + 1;
      left -= ends.length;
    }
    return 0;
  } finally {
    await file.close();
  }
}

function newlinesIn(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) found.push(at);
  return found;
}
