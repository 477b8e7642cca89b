import type { LogRecord } from '@kubephant/storage';
import type { Item, Revision } from '../subject';
import type { Epoch, Truth, TruthChange } from '../truth';
import type { FailingLog } from './failing-log';
import { stateOf } from './store-subject';

/** Writes down what a log has, often enough that compaction takes nothing away before it was read. */
export class Chronicle {
  readonly #log: FailingLog;
  readonly #closed: Epoch[] = [];
  #changes: TruthChange[] = [];
  #open: Omit<Epoch, 'changes'>;
  #read: Revision;

  constructor(log: FailingLog, start: Revision) {
    this.#log = log;
    this.#read = start;
    this.#open = { start, state: [] };
  }

  async write(): Promise<void> {
    const { records, compacted, head } = await this.#log.read(this.#read, 10_000);
    if (head < this.#read) return;
    const { survived } = this.#open;
    // The first forgetting after a failover is the jump: what is there then is all that survived.
    if (survived === this.#read && compacted > survived) this.#open = { ...this.#open, start: compacted };
    this.#changes.push(...records.map(changeOf));
    this.#read = Math.max(this.#read, compacted, records.at(-1)?.revision ?? 0);
  }

  async failOver(lost: number, now: number): Promise<void> {
    await this.write();
    const survived = await this.#log.failOver(lost);
    this.#closed.push({ ...this.#open, changes: this.#changes });
    this.#open = { start: survived, state: stateAt(this.#changes, survived), survived, began: now };
    this.#changes = [];
    this.#read = survived;
  }

  get truth(): Truth {
    return [...this.#closed, { ...this.#open, changes: this.#changes }];
  }
}

function stateAt(changes: readonly TruthChange[], revision: Revision): Item[] {
  const state = new Map<string, Item>();
  for (const { key, deleted, value = '', label = '', ...change } of changes) {
    if (change.revision > revision) break;
    if (deleted) state.delete(key);
    else state.set(key, { key, value, label, revision: change.revision });
  }
  return [...state.values()];
}

function changeOf({ revision, key, deleted, value }: LogRecord): TruthChange {
  if (deleted || value === undefined) return { revision, key: key.name, deleted: true };
  return { revision, key: key.name, deleted: false, ...stateOf(JSON.parse(value.toString()) as never) };
}
