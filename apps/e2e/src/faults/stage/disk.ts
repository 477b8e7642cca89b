import { execFile } from 'node:child_process';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small file system of its own in memory: one that can really be full. Needs root. */
export class Disk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async mount(path: string, megabytes: number): Promise<Disk> {
    await mkdir(path, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'kubephant-exam', path]);
    return new Disk(path);
  }

  /** Takes whatever room is left, also what is given back meanwhile. */
  async fill(): Promise<void> {
    for (let size = 0; ;) {
      const { bavail, bsize } = await statfs(this.path);
      if (bavail === 0) return;
      const grown = size + bavail * bsize;
      if (await this.#growBallast(grown)) size = grown;
    }
  }

  async release(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  /** Also while a program that is about to end still has files open there. */
  async unmount(): Promise<void> {
    await run('umount', ['--lazy', this.path]);
  }

  get #ballast(): string {
    return join(this.path, 'ballast');
  }

  /** False: somebody else has taken some of what was left meanwhile. */
  async #growBallast(size: number): Promise<boolean> {
    try {
      await run('fallocate', ['--length', String(size), this.#ballast]);
      return true;
    } catch (err) {
      if (!String(err).includes('No space left')) throw err;
      return false;
    }
  }
}
