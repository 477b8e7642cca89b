import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres, type RunningPostgres } from '@kubephant/postgres-embedded';
import { migrated } from '../../testing';

const run = promisify(execFile);

/** A server on a disk of its own, which is small. Needs root, for the disk. */
export class SmallDisk {
  readonly #dir: string;
  #server: RunningPostgres | undefined;
  readonly #stopped = new AbortController();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async mount(): Promise<SmallDisk> {
    const dir = await mkdtemp(join(tmpdir(), 'kpd-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'kubephant-test', dir]);
    await chmod(dir, 0o755);
    const disk = new SmallDisk(dir);
    await disk.start();
    await migrated(disk.connectionString);
    return disk;
  }

  get connectionString(): string {
    return this.#server?.connectionString ?? '';
  }

  async start(): Promise<void> {
    const settings = { fsync: 'off', max_wal_size: '64MB' };
    this.#server = await startPostgres({ dataDir: join(this.#dir, 'server'), settings }, this.#stopped.signal);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /**
   * What is left of the server is gone, and it is started anew. Not stopped: a PostgreSQL that is asked to stop while it
   * recovers from having died may wait for ever for a process of its own.
   */
  async revive(): Promise<void> {
    if (this.#server) killIfThere(this.#server.pid);
    await this.stop();
    // Its processes outlive it for a moment, and keep its memory from its successor.
    for (let attempt = 0; ; attempt++) {
      const failure = await this.start().catch((err: unknown) => err);
      if (failure === undefined) return;
      if (attempt === 100) throw failure as Error;
    }
  }

  /** Leaves so many bytes free. */
  async fillUpTo(free: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#dir);
    await writeFile(join(this.#dir, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - free)));
  }

  async empty(): Promise<void> {
    await rm(join(this.#dir, 'filler'), { force: true });
  }

  async unmount(): Promise<void> {
    await this.stop();
    this.#stopped.abort();
    await run('umount', [this.#dir]);
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has died by itself.
  }
}
