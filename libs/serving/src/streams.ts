/**
 * The same items; calls `ended` once when they end, fail, or are no longer wanted, also when none was ever asked for.
 * A plain iterator and not a generator, for it adds nothing to the cost of an item.
 */
export function onEnd<T>(items: AsyncIterable<T>, ended: () => void): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = items[Symbol.asyncIterator]();
      let open = true;
      const end = (): void => {
        if (open) ended();
        open = false;
      };
      const passed = (result: IteratorResult<T>): IteratorResult<T> => {
        if (result.done) end();
        return result;
      };
      const failed = (err: unknown): never => {
        end();
        throw err;
      };
      return {
        next: () => iterator.next().then(passed, failed),
        async return() {
          end();
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
