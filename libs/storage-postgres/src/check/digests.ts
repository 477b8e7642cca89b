import { createHash, type Hash } from 'node:crypto';
import type { KeyColumns } from '../rows';
import type { Ends } from './chain';
import type { ObjectFacts } from './facts';

/** What was found out about a key. */
export interface Settled extends Ends {
  readonly row: ObjectFacts | undefined;
  /** How many changes of it the log has. */
  readonly count: number;
}

export interface ResourceDigest {
  readonly resource: string;
  readonly objects: number;
  /** Since the compacted revision, of objects that are gone too. */
  readonly changes: number;
  /** SHA-256 over names, revisions and states in the order of the names: equal wherever these are. */
  readonly digest: string;
}

interface Current {
  readonly resource: string;
  objects: number;
  changes: number;
  readonly hash: Hash;
}

/** Digests of a state whose keys are told in order: of each resource, of all there is, and of all there should be. */
export class Digests {
  readonly #done: ResourceDigest[] = [];
  #current: Current | undefined;
  readonly #state = createHash('sha256');
  readonly #replayed = createHash('sha256');

  add({ resource, namespace, name }: KeyColumns, { row, count, now }: Settled): void {
    const current = this.#of(resource);
    current.changes += count;
    const line = (created: number, revision: number, checksum: string): string =>
      `${JSON.stringify([resource, namespace, name, created, revision, checksum])}\n`;
    if (row) {
      current.objects += 1;
      const told = line(row.created_revision, row.revision, row.actual);
      current.hash.update(told).update(row.data);
      this.#state.update(told);
    }
    // What nobody noted when it was written is taken as it is.
    if (now) this.#replayed.update(line(now.created, now.revision, now.checksum ?? row?.actual ?? ''));
  }

  end(): { readonly resources: readonly ResourceDigest[]; readonly state: string; readonly replayed: string } {
    this.#close();
    return { resources: this.#done, state: this.#state.digest('hex'), replayed: this.#replayed.digest('hex') };
  }

  #of(resource: string): Current {
    if (this.#current?.resource === resource) return this.#current;
    this.#close();
    this.#current = { resource, objects: 0, changes: 0, hash: createHash('sha256') };
    return this.#current;
  }

  #close(): void {
    if (!this.#current) return;
    const { resource, objects, changes, hash } = this.#current;
    this.#done.push({ resource, objects, changes, digest: hash.digest('hex') });
  }
}
