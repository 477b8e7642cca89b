import type { FaultRecord, History, HistoryRecord, Time } from './history';

type Unnumbered<R> = R extends HistoryRecord ? Omit<R, 'id'> : never;

/** Collects the records of one run. Records are in the order in which things ended. */
export class Recorder {
  readonly #now: () => Time;
  readonly #records: HistoryRecord[] = [];
  #lastId = 0;

  constructor(now: () => Time = () => performance.now()) {
    this.#now = now;
  }

  now(): Time {
    return this.#now();
  }

  newId(): number {
    return ++this.#lastId;
  }

  add(record: HistoryRecord): void {
    this.#records.push(record);
  }

  /** Numbers and adds. */
  mark(record: Unnumbered<HistoryRecord>): void {
    this.add({ id: this.newId(), ...record });
  }

  /** Marks a fault from now until the returned function is called; what is not ended is not in the history. */
  fault(fault: string): () => FaultRecord {
    const begin = this.now();
    return () => {
      const record: FaultRecord = { kind: 'fault', id: this.newId(), fault, begin, end: this.now() };
      this.add(record);
      return record;
    };
  }

  get history(): History {
    return this.#records;
  }
}
