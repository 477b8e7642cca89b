import type { CachedObject } from './cached-object';

const none: ReadonlySet<CachedObject> = new Set();

/** Objects by one value that each of them has. */
export class ValueIndex {
  readonly #valueOf: (object: CachedObject) => string | undefined;
  readonly #objects = new Map<string, Set<CachedObject>>();

  /** Objects without a value are not in it. */
  constructor(valueOf: (object: CachedObject) => string | undefined) {
    this.#valueOf = valueOf;
  }

  add(object: CachedObject): void {
    const value = this.#valueOf(object);
    if (value === undefined) return;
    const objects = this.#objects.get(value);
    if (objects) objects.add(object);
    else this.#objects.set(value, new Set([object]));
  }

  delete(object: CachedObject): void {
    const value = this.#valueOf(object);
    if (value === undefined) return;
    const objects = this.#objects.get(value);
    objects?.delete(object);
    if (objects?.size === 0) this.#objects.delete(value);
  }

  get(value: string): ReadonlySet<CachedObject> {
    return this.#objects.get(value) ?? none;
  }
}
