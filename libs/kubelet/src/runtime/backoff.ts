/** When something that failed may be tried again: 10 s after the first failure, doubled up to 5 min each time. */
export interface RetryBackoff {
  /** How long to wait still, counted from `sinceMs`, the last failure; 0: go ahead. */
  remainingMs(key: string, sinceMs: number, nowMs: number): number;
  /** The whole wait that `remainingMs` counts down. */
  waitMs(key: string): number;
  /** Records an attempt that follows a failure at `sinceMs`. A rest of 10 minutes forgets what was before. */
  next(key: string, sinceMs: number): void;
  /** Forgets keys that start with `prefix`. */
  forget(prefix: string): void;
}

export function newRetryBackoff({ initialMs = 10_000, maxMs = 300_000 } = {}): RetryBackoff {
  const entries = new Map<string, { waitMs: number; atMs: number }>();
  const isOver = (entry: { atMs: number }, nowMs: number): boolean => nowMs - entry.atMs > 2 * maxMs;
  return {
    remainingMs(key, sinceMs, nowMs) {
      const entry = entries.get(key);
      if (!entry || isOver(entry, sinceMs)) return 0;
      return Math.max(0, sinceMs + entry.waitMs - nowMs);
    },
    waitMs: (key) => entries.get(key)?.waitMs ?? 0,
    next(key, sinceMs) {
      const entry = entries.get(key);
      const waitMs = !entry || isOver(entry, sinceMs) ? initialMs : Math.min(maxMs, entry.waitMs * 2);
      entries.set(key, { waitMs, atMs: sinceMs });
    },
    forget(prefix) {
      for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key);
    },
  };
}

/** `10s`, `2m40s`, `5m0s`: as Go prints durations. */
export function goDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const rest = `${seconds % 60}s`;
  return minutes < 60 ? `${minutes}m${rest}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}`;
}
