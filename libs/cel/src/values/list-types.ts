import type { Meter } from '../evaluate/meter';
import { ArrayList, keyOf } from './collections';
import { equals } from './equality';
import { isMap, type List, type Value } from './value';

/** What an element is identified by. */
type Identity = (element: Value) => string;

const elementsOf = (list: List, meter: Meter): Value[] => {
  meter.work(list.size);
  return Array.from({ length: list.size }, (_, index) => list.at(index) ?? null);
};

/** A list whose order does not count: elements are compared and merged by what identifies them. */
class KeyedList implements List {
  readonly tag = 'list';
  readonly #list: List;
  readonly #identity: Identity;

  constructor(list: List, identity: Identity) {
    this.#list = list;
    this.#identity = identity;
  }

  get size(): number {
    return this.#list.size;
  }

  at(index: number): Value | undefined {
    return this.#list.at(index);
  }

  equals(other: List, meter: Meter): Value {
    if (other.size !== this.size) return false;
    const mine = new Map(elementsOf(this, meter).map((element) => [this.#identity(element), element]));
    for (const element of elementsOf(other, meter)) {
      const same = mine.get(this.#identity(element));
      const equal = same === undefined ? false : equals(same, element, meter);
      if (equal !== true) return equal;
    }
    return true;
  }

  /** Elements of the other replace those with the same identity; new ones come last. */
  plus(other: List, meter: Meter): Value {
    const merged = new Map(elementsOf(this, meter).map((element) => [this.#identity(element), element]));
    for (const element of elementsOf(other, meter)) merged.set(this.#identity(element), element);
    return new KeyedList(new ArrayList([...merged.values()]), this.#identity);
  }
}

/** `x-kubernetes-list-type: set`. */
export const newSetList = (list: List): List => new KeyedList(list, (element) => keyOf(element) ?? typeof element);

/** `x-kubernetes-list-type: map`, by the names of the keys in expressions. */
export const newMapList = (list: List, keys: readonly string[]): List =>
  new KeyedList(list, (element) =>
    JSON.stringify(keys.map((key) => (isMap(element) ? (keyOf(element.get(key) ?? null) ?? null) : null))),
  );
