/** Says how long a key that failed must wait, and remembers how often it did. */
export interface RateLimiter<K> {
  /** Counts one more failure; the wait in milliseconds. */
  when(key: K): number;
  forget(key: K): void;
  failures(key: K): number;
}

/** `baseMs`·2^n for the n-th failure in a row, up to `maxMs`: client-go's 5 ms … 1000 s. */
export function newExponentialLimiter<K>({ baseMs = 5, maxMs = 1_000_000 } = {}): RateLimiter<K> {
  const failures = new Map<K, number>();
  return {
    when(key) {
      const n = failures.get(key) ?? 0;
      failures.set(key, n + 1);
      return Math.min(maxMs, baseMs * 2 ** Math.min(n, 60));
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
  };
}
