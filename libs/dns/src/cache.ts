import type { Counter } from '@kubephant/base';
import type { DnsHandler } from '@kubephant/serving';

export interface CacheConfig {
  readonly entries: number;
  readonly ttlMs: number;
  readonly now: () => number;
  readonly hits: Counter<never>;
  readonly misses: Counter<never>;
}

/**
 * Remembers answers of upstream servers for a moment, the oldest forgotten first. The stored message has its two id
 * bytes replaced on the way out.
 */
export function withCache(next: DnsHandler, { entries, ttlMs, now, hits, misses }: CacheConfig): DnsHandler {
  const answers = new Map<string, { readonly message: Uint8Array; readonly untilMs: number }>();
  return async (question, context) => {
    // EDNS and flags change the answer: everything after the id belongs to the key.
    const key = `${context.protocol} ${Buffer.from(context.query.subarray(2)).toString('latin1')}`;
    const known = answers.get(key);
    if (known && known.untilMs > now()) {
      hits.inc();
      return { message: withId(known.message, context.query) };
    }
    misses.inc();
    const response = await next(question, context);
    if (response && 'message' in response && isCacheable(response.message)) {
      answers.delete(key);
      answers.set(key, { message: response.message, untilMs: now() + ttlMs });
      const [oldest] = answers.keys();
      if (answers.size > entries && oldest !== undefined) answers.delete(oldest);
    }
    return response;
  };
}

/** NOERROR and NXDOMAIN, complete: neither truncated nor a failure that may be over in a moment. */
function isCacheable(message: Uint8Array): boolean {
  const truncated = ((message[2] ?? 0) & 0x02) !== 0;
  return !truncated && [0, 3].includes((message[3] ?? 0) & 0x0f);
}

function withId(message: Uint8Array, query: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(message);
  copy.set(query.subarray(0, 2));
  return copy;
}
