/** Exponential backoff: `initialMs`, doubled (or times `factor`) each step up to `maxMs`, plus up to `jitter` of itself. */
export interface BackoffConfig {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor?: number;
  readonly jitter?: number;
  readonly random?: () => number;
}

export interface Backoff {
  /** The next wait in milliseconds. */
  next(): number;
  reset(): void;
}

export function newBackoff({ initialMs, maxMs, factor = 2, jitter = 0, random = Math.random }: BackoffConfig): Backoff {
  let currentMs = initialMs;
  return {
    next() {
      const waitMs = currentMs;
      currentMs = Math.min(maxMs, currentMs * factor);
      return waitMs * (1 + jitter * random());
    },
    reset() {
      currentMs = initialMs;
    },
  };
}
