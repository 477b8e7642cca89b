/** Messages from whoever has them to one reader, in order. */
export interface MessageQueue<T> extends AsyncIterable<T> {
  push(message: T): void;
  /** The reader ends after what is queued. */
  end(): void;
}

export function newMessageQueue<T>(): MessageQueue<T> {
  const queued: T[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    push(message) {
      if (ended) return;
      queued.push(message);
      notify();
    },
    end() {
      ended = true;
      notify();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const message = queued.shift();
        if (message !== undefined) yield message;
        else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
