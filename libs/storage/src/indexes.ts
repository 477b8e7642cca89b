import type { CachedObject } from './cached-object';
import { fieldOf, type Matcher } from './selection';

/** Objects of one resource by the values of its indexed fields. */
export class Indexes {
  readonly #byPath: ReadonlyMap<string, Map<string, Set<CachedObject>>>;

  constructor(indexed: readonly string[]) {
    this.#byPath = new Map(indexed.map((path) => [path, new Map()]));
  }

  add(object: CachedObject): void {
    for (const [path, values] of this.#byPath) {
      const value = fieldOf(object, path) ?? '';
      const objects = values.get(value);
      if (objects) objects.add(object);
      else values.set(value, new Set([object]));
    }
  }

  delete(object: CachedObject): void {
    for (const [path, values] of this.#byPath) {
      const value = fieldOf(object, path) ?? '';
      const objects = values.get(value);
      objects?.delete(object);
      if (objects?.size === 0) values.delete(value);
    }
  }

  /** All that may match, in no order; undefined when no index helps. */
  candidates({ fields }: Matcher): ReadonlySet<CachedObject> | undefined {
    for (const { path, operator, value } of fields) {
      const values = operator === '=' ? this.#byPath.get(path) : undefined;
      if (values) return values.get(value) ?? new Set();
    }
    return undefined;
  }
}
