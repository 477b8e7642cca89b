import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, processIdOf, type ProcessId } from './supervisor/process-table';

/** One `up` or `down` per data directory at a time; a lock left by a killed one does not count. */
export async function withLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dataDir, 'lock');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o755 });
    await acquire(path);
  } catch (err) {
    throw isFileError(err) ? new Error(`cannot write into ${dataDir}: choose another --data-dir`, { cause: err }) : err;
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  const self = await processIdOf(globalThis.process.pid);
  for (;;) {
    const file = await open(path, 'wx').catch((err: unknown) => {
      if ((err as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw err;
    });
    if (file) {
      await file.writeFile(JSON.stringify(self));
      await file.close();
      return;
    }
    const text = await readFile(path, 'utf8').catch(() => '');
    const holder = text === '' ? undefined : (JSON.parse(text) as ProcessId);
    if (holder && (await isAlive(holder)))
      throw new Error(`another kubephant (pid ${holder.pid}) is working on this data directory`);
    await rm(path, { force: true });
  }
}

const isFileError = (err: unknown): boolean =>
  err instanceof Error && 'syscall' in err && (err as NodeJS.ErrnoException).code !== undefined;
