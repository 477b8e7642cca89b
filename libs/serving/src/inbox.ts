/** Bytes that may wait unread, in one queue or in several together. */
export class Budget {
  readonly #limitBytes: number;
  #usedBytes = 0;
  #waiting: PromiseWithResolvers<undefined> | undefined;
  #closed = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get isSpent(): boolean {
    return this.#usedBytes > this.#limitBytes && !this.#closed;
  }

  take(bytes: number): void {
    this.#usedBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
    if (!this.isSpent) this.#letGo();
  }

  /** Nothing more will come, so nobody waits for room any more. */
  close(): void {
    this.#closed = true;
    this.#letGo();
  }

  #letGo(): void {
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }

  /** Resolves when there is room again. */
  async room(): Promise<void> {
    if (!this.isSpent) return;
    this.#waiting ??= Promise.withResolvers<undefined>();
    await this.#waiting.promise;
  }
}

/** Messages that have arrived, for one reader. Whoever fills it stops when it is full, and waits for `room`. */
export interface Inbox extends AsyncIterable<Buffer> {
  /** False when it is full with this one; messages after `end` are dropped. */
  push(message: Buffer): boolean;
  room(): Promise<void>;
  /** The reader ends after what waits. */
  end(): void;
  /** The reader ends now; what waits is dropped. */
  drop(): void;
}

export function newInbox(budget: Budget): Inbox {
  const queue: Buffer[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const end = (): void => {
    ended = true;
    wake?.();
  };
  return {
    push(message) {
      if (ended) return true;
      queue.push(message);
      budget.take(message.length);
      wake?.();
      return !budget.isSpent;
    },
    room: () => budget.room(),
    end,
    drop() {
      for (const message of queue.splice(0)) budget.giveBack(message.length);
      end();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const message = queue.shift();
        if (message) {
          budget.giveBack(message.length);
          yield message;
        } else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
