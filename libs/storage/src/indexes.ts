import type { CachedObject } from './cached-object';
import { LabelIndexes, type Searched } from './label-indexes';
import { fieldOf, type Matcher } from './selection';
import { ValueIndex } from './value-index';

/** Objects of one resource by the values of its indexed fields, and of the labels that are searched by. */
export class Indexes {
  readonly #byPath: ReadonlyMap<string, ValueIndex>;
  readonly #byLabel: LabelIndexes;

  constructor(indexed: readonly string[], objects: Searched) {
    this.#byPath = new Map(indexed.map((path) => [path, new ValueIndex((object) => fieldOf(object, path) ?? '')]));
    this.#byLabel = new LabelIndexes(objects);
  }

  add(object: CachedObject): void {
    for (const index of this.#byPath.values()) index.add(object);
    this.#byLabel.add(object);
  }

  delete(object: CachedObject): void {
    for (const index of this.#byPath.values()) index.delete(object);
    this.#byLabel.delete(object);
  }

  /** All that may match, in no order; undefined when no index helps. */
  candidates({ fields, labels }: Matcher): ReadonlySet<CachedObject> | undefined {
    for (const { path, operator, value } of fields) {
      const index = operator === '=' ? this.#byPath.get(path) : undefined;
      if (index) return index.get(value);
    }
    return this.#byLabel.candidates(labels);
  }
}
