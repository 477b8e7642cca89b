import { is } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { HostFiles, ReadableFile } from '@kubephant/node';
import { LogFormatter, type LogOptions } from './log-lines';

export interface LogSource {
  readonly files: HostFiles;
  readonly clock: Clock;
  readonly path: string;
  /** Whether more may be written. */
  running(signal: AbortSignal): Promise<boolean>;
}

const chunkBytes = 64 * 1024;
const pollMs = 250;
const newline = 0x0a;

/** What a container wrote, as the options ask; with `follow` until it ends, also over rotations of its log. */
export async function* readLog(
  source: LogSource,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Buffer[]> {
  const formatter = new LogFormatter(options);
  let file = await source.files.open(source.path);
  try {
    let position = options.tailLines === undefined ? 0 : await tailPosition(file, options.tailLines);
    while (!signal.aborted && !formatter.full) {
      // Asked before reading: what was written before the end is then not missed.
      const more = options.follow && (await source.running(signal));
      position = yield* toTheEnd(file, position, formatter);
      const successor = await rotated(source, file);
      if (!successor && !more) return;
      if (!successor) await source.clock.sleep(pollMs, signal);
      else {
        await file[Symbol.asyncDispose]();
        file = successor;
        position = 0;
      }
    }
  } finally {
    await file[Symbol.asyncDispose]();
  }
}

/** All there is from a position on; returns where it ended. */
async function* toTheEnd(
  file: ReadableFile,
  from: number,
  formatter: LogFormatter,
): AsyncGenerator<readonly Buffer[], number> {
  let position = from;
  while (!formatter.full) {
    const data = await file.read(position, chunkBytes);
    if (data.length === 0) break;
    position += data.length;
    const text = formatter.push(data);
    if (text.length > 0) yield [text];
  }
  return position;
}

/** The new file under the log's name, when the one we read was put aside. */
async function rotated({ files, path }: LogSource, file: ReadableFile): Promise<ReadableFile | undefined> {
  const [current, own] = await Promise.all([files.stat(path), file.info()]);
  if (!current || current.inode === own.inode) return undefined;
  try {
    return await files.open(path);
  } catch (err) {
    // Gone again between the two looks at it.
    if (is('NotFound', err)) return undefined;
    throw err;
  }
}

/** Where the last `lines` lines begin. */
export async function tailPosition(file: ReadableFile, lines: number): Promise<number> {
  const { sizeBytes } = await file.info();
  let found = 0;
  for (let end = sizeBytes; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const data = await file.read(start, end - start);
    for (let i = data.length - 1; i >= 0; i--) {
      if (data[i] !== newline) continue;
      // Each newline closes a line: the one after `lines` of them is the end of the line before.
      if (found++ === lines) return start + i + 1;
    }
    end = start;
  }
  return lines === 0 ? sizeBytes : 0;
}
