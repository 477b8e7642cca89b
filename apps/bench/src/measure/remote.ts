/**
 * Calls between a process and its children over Node's own channel. Calls and answers of one turn of the event loop
 * travel together: thousands a second must not be what is measured.
 */
export interface Call {
  readonly id: number;
  readonly task: string;
  readonly args: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Sends what was added during one turn of the event loop as one message. */
export function gathering<T>(send: (all: readonly T[]) => void): (one: T) => void {
  let waiting: T[] = [];
  return (one) => {
    if (waiting.push(one) > 1) return;
    setImmediate(() => {
      const all = waiting;
      waiting = [];
      send(all);
    });
  };
}
