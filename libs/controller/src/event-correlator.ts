/** What is said about an object: the part of an Event that decides whether it has been said before. */
export interface Occurrence {
  /** The object it is about: namespace, kind, name, uid. */
  readonly object: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** What to write for an occurrence; undefined: nothing, it is spam. */
export interface Correlated {
  /** Identifies the Event object that counts these occurrences. */
  readonly key: string;
  readonly message: string;
}

/** At most this many objects and event kinds are remembered. */
const maxRemembered = 4096;
/** From this many distinct messages within the window on, they become one combined event. */
const maxSimilar = 10;
const windowMs = 10 * 60 * 1000;
/** Per object: a burst of 25 events, then one every 5 minutes. */
const burst = 25;
const refillMs = 5 * 60 * 1000;

/** client-go's rules against floods: a token bucket per object, and aggregation of events that differ only in their message. */
export function newEventCorrelator(): (occurrence: Occurrence, nowMs: number) => Correlated | undefined {
  const buckets = newBoundedMap<{ tokens: number; atMs: number }>(maxRemembered);
  const similar = newBoundedMap<{ readonly messages: Set<string>; lastMs: number }>(maxRemembered);

  const isSpam = (object: string, nowMs: number): boolean => {
    const bucket = buckets.get(object) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + (nowMs - bucket.atMs) / refillMs);
    bucket.atMs = nowMs;
    buckets.set(object, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  };

  return ({ object, type, reason, message }, nowMs) => {
    const kind = JSON.stringify([object, type, reason]);
    const known = similar.get(kind);
    const group = known && nowMs - known.lastMs <= windowMs ? known : { messages: new Set<string>(), lastMs: nowMs };
    group.lastMs = nowMs;
    if (group.messages.size < maxSimilar) group.messages.add(message);
    similar.set(kind, group);
    if (isSpam(object, nowMs)) return undefined;
    if (group.messages.size < maxSimilar) return { key: `${kind}${message}`, message };
    return { key: kind, message: `(combined from similar events): ${message}` };
  };
}

export interface BoundedMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** Forgets what was set longest ago when it is full. */
export function newBoundedMap<V>(capacity: number): BoundedMap<V> {
  const entries = new Map<string, V>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > capacity) entries.delete(entries.keys().next().value ?? key);
    },
    delete: (key) => void entries.delete(key),
  };
}
