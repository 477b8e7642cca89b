import { type CelMap, Failure, isList, type List, Uint, type Value } from './value';

/** A list over an array, which its maker no longer changes. */
export class ArrayList implements List {
  readonly tag = 'list';
  readonly #items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.#items = items;
  }

  get size(): number {
    return this.#items.length;
  }

  at(index: number): Value | undefined {
    return this.#items[index];
  }
}

/** Two lists as one, without a copy: a sum costs the same however long its parts are. */
export class JoinedList implements List {
  readonly tag = 'list';
  readonly size: number;
  readonly #left: List;
  readonly #right: List;

  constructor(left: List, right: List) {
    this.#left = left;
    this.#right = right;
    this.size = left.size + right.size;
  }

  at(index: number): Value | undefined {
    return index < this.#left.size ? this.#left.at(index) : this.#right.at(index - this.#left.size);
  }
}

/** The list a macro collects into; only the macro sees it before it is complete, so adding needs no copy. */
export class GrowingList implements List {
  readonly tag = 'list';
  readonly #items: Value[] = [];

  get size(): number {
    return this.#items.length;
  }

  at(index: number): Value | undefined {
    return this.#items[index];
  }

  push(value: Value): this {
    this.#items.push(value);
    return this;
  }

  /** The list as everybody may see it: it no longer grows. */
  finished(): List {
    return new ArrayList(this.#items);
  }
}

/** One key for keys that are equal: `1`, `1u` and `1.0` are the same one. Undefined for what cannot be a key. */
export function keyOf(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  return typeof key === 'number' && Number.isInteger(key) ? `n${BigInt(key)}` : undefined;
}

/** A map in the order in which its entries were added; keys are values of CEL. */
export class EntryMap implements CelMap {
  readonly tag = 'map';
  readonly #entries = new Map<string, readonly [Value, Value]>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(keyOf(key) ?? '')?.[1];
  }

  has(key: Value): boolean {
    return this.#entries.has(keyOf(key) ?? '');
  }

  keys(): readonly Value[] {
    return [...this.#entries.values()].map(([key]) => key);
  }

  /** Adds an entry while the map is being made; a failure when the key is no key or is there already. */
  insert(key: Value, value: Value): Failure | undefined {
    const name = keyOf(key);
    if (name === undefined || typeof key === 'number') return new Failure('unsupported key type');
    if (this.#entries.has(name)) return new Failure(`insert failed: key ${String(plainKey(key))} already exists`);
    this.#entries.set(name, [key, value]);
    return undefined;
  }
}

const plainKey = (key: Value): unknown => (key instanceof Uint ? key.value : key);

/** An index as upstream takes it: an int, or a number without fraction; else a failure. */
export function indexOf(key: Value): number | Failure {
  if (typeof key === 'bigint') return Number(key);
  if (key instanceof Uint) return Number(key.value);
  if (typeof key === 'number' && Number.isInteger(key)) return key;
  return new Failure(`unsupported index type '${isList(key) ? 'list' : typeof key}' in list`);
}

/** An object whose fields are found out when they are first asked for, once each: the `variables` of a policy. */
class LazyObject implements CelMap {
  readonly tag = 'map';
  readonly typeName: string;
  readonly #fields: ReadonlyMap<string, () => Value>;
  readonly #found = new Map<string, Value>();

  constructor(typeName: string, fields: ReadonlyMap<string, () => Value>) {
    this.typeName = typeName;
    this.#fields = fields;
  }

  get size(): number {
    return this.#fields.size;
  }

  get(key: Value): Value | undefined {
    const find = typeof key === 'string' ? this.#fields.get(key) : undefined;
    if (!find || typeof key !== 'string') return undefined;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const value = find();
    this.#found.set(key, value);
    return value;
  }

  has(key: Value): boolean {
    return typeof key === 'string' && this.#fields.has(key);
  }

  keys(): readonly Value[] {
    return [...this.#fields.keys()];
  }
}

/** An object of fields that may be failures; each is found out at most once. */
export const newLazyObject = (typeName: string, fields: ReadonlyMap<string, () => Value>): CelMap =>
  new LazyObject(typeName, fields);
