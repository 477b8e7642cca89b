/**
 * A copy of a JSON value that may be changed: several times as fast as structuredClone, which looks for more than JSON.
 * Values that came through a decoder nest no deeper than the stack allows.
 */
export function cloneJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => cloneJson(item)) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = cloneJson((value as Record<string, unknown>)[key]);
    // A plain assignment to `__proto__` would set the prototype.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: item, ...plain });
    else copy[key] = item;
  }
  return copy as T;
}

const plain = { enumerable: true, configurable: true, writable: true };
