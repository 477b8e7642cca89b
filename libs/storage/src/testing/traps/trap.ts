import { isDeepStrictEqual } from 'node:util';
import type { Fault } from './arena';

/** A way in which other stores on SQL went wrong, as a question that can be put to any store. */
export interface Trap<A> {
  readonly id: string;
  /** What must hold. */
  readonly title: string;
  /** Where it did not. */
  readonly evidence: string;
  /** A design that falls into it; made anew for every run. */
  readonly naive: () => Fault;
  /** What happens to that design, in the words of its Trapped. */
  readonly symptom: RegExp;
  /** Throws Trapped when the store of the arena falls into it. */
  run(arena: A): Promise<void>;
}

/** The store has broken its promise. Anything else that a trap throws is a fault of the trap. */
export class Trapped extends Error {
  override readonly name = 'Trapped';
}

export function mustHold(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Trapped(otherwise);
}

export function mustEqual(actual: unknown, expected: unknown, otherwise: string): void {
  const shown = (): string => `${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
  mustHold(isDeepStrictEqual(actual, expected), isDeepStrictEqual(actual, expected) ? '' : `${otherwise}: ${shown()}`);
}

/** What the store must not refuse. */
export async function mustSucceed<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  try {
    return await promise;
  } catch (err) {
    throw err instanceof Trapped ? err : new Trapped(`${otherwise}: ${String(err)}`, { cause: err });
  }
}

/** What an error was, or undefined when there was none. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (err: unknown) => err,
  );
