import type { Selector } from '@kubephant/api';
import type { CachedObject } from './cached-object';
import { ValueIndex } from './value-index';

/** What there is to search through. */
export interface Searched {
  readonly size: number;
  forEach(from: string, to: string | undefined, visit: (object: CachedObject) => void): void;
}

/** Below this, going through everything is quicker than keeping an index up to date. */
const worthwhile = 1000;
/** How often a label is searched by before it has its index. */
const searches = 3;
const most = 4;

/**
 * Indexes of the labels that lists select by, made when the same label has been searched by a few times: nobody knows
 * beforehand which labels matter. The few that were used last are kept.
 */
export class LabelIndexes {
  readonly #objects: Searched;
  readonly #indexes = new Map<string, ValueIndex>();
  #lastKey = '';
  #inARow = 0;

  constructor(objects: Searched) {
    this.#objects = objects;
  }

  add(object: CachedObject): void {
    for (const index of this.#indexes.values()) index.add(object);
  }

  delete(object: CachedObject): void {
    for (const index of this.#indexes.values()) index.delete(object);
  }

  /** All that may match, in no order; undefined when no index helps. */
  candidates(selector: Selector | undefined): ReadonlySet<CachedObject> | undefined {
    const equalities = (selector?.requirements ?? []).filter(
      ({ operator, values }) => values.length === 1 && (operator === '=' || operator === 'in'),
    );
    const indexed = equalities.find(({ key }) => this.#indexes.has(key)) ?? equalities[0];
    const index = indexed && (this.#used(indexed.key) ?? this.#madeFor(indexed.key));
    return index?.get(indexed?.values[0] ?? '');
  }

  #used(key: string): ValueIndex | undefined {
    const index = this.#indexes.get(key);
    if (!index) return undefined;
    this.#indexes.delete(key);
    this.#indexes.set(key, index);
    return index;
  }

  #madeFor(key: string): ValueIndex | undefined {
    if (this.#objects.size < worthwhile) return undefined;
    this.#inARow = key === this.#lastKey ? this.#inARow + 1 : 1;
    this.#lastKey = key;
    if (this.#inARow < searches) return undefined;
    const index = new ValueIndex(({ facts: { labels } }) => (Object.hasOwn(labels, key) ? labels[key] : undefined));
    this.#objects.forEach('', undefined, (object) => index.add(object));
    this.#indexes.set(key, index);
    if (this.#indexes.size > most) this.#indexes.delete(this.#indexes.keys().next().value as string);
    return index;
  }
}
