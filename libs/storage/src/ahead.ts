import { bytesOf } from './log-record';
import type { Arrival } from './resource-cache';
import type { Revision } from './store';

/** Enough for the batches that are written while a page of the log is being read. */
const most = { records: 10_000, bytes: 32 << 20 };

/** Batches of our own that are durable but not next, because others wrote before them and that is not read yet. */
export class Ahead {
  readonly #batches = new Map<Revision, readonly Arrival[]>();
  #records = 0;
  #bytes = 0;

  /** Where the first of them follows on: there is no need to read further than that. */
  get first(): Revision | undefined {
    return this.#batches.keys().next().value;
  }

  /** Batches come in ascending order. What is too much is forgotten: the log has it too. */
  add(base: Revision, records: readonly Arrival[]): void {
    const bytes = bytesOf(records);
    const tooMuch = this.#records + records.length > most.records || this.#bytes + bytes > most.bytes;
    if (records.length === 0 || tooMuch) return;
    this.#batches.set(base, records);
    this.#records += records.length;
    this.#bytes += bytes;
  }

  /** A batch that is next or past once `revision` has been reached. */
  take(revision: Revision): readonly Arrival[] | undefined {
    const { first } = this;
    if (first === undefined || first > revision) return undefined;
    const records = this.#batches.get(first) ?? [];
    this.#batches.delete(first);
    this.#records -= records.length;
    this.#bytes -= bytesOf(records);
    return records;
  }
}
