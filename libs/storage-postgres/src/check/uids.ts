import { createHash } from 'node:crypto';

/**
 * Finds uids that occur twice in eight bytes each: first 48 bits of a hash are compared, then, by whoever reads the
 * objects again, the uids themselves of those few that look alike.
 */
export class Uids {
  #hashes = new Float64Array(1024);
  #length = 0;

  add(uid: string): void {
    if (this.#length === this.#hashes.length) {
      const longer = new Float64Array(this.#length * 2);
      longer.set(this.#hashes);
      this.#hashes = longer;
    }
    this.#hashes[this.#length++] = hashOf(uid);
  }

  /** Whether a uid may be one of several; undefined when surely none is. */
  suspects(): ((uid: string) => boolean) | undefined {
    const sorted = this.#hashes.subarray(0, this.#length).sort();
    const twice = new Set(sorted.filter((hash, i) => hash === sorted[i - 1]));
    return twice.size === 0 ? undefined : (uid) => twice.has(hashOf(uid));
  }
}

const hashOf = (uid: string): number => createHash('sha256').update(uid).digest().readUIntBE(0, 6);
