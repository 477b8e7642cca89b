import type { Sighting } from './sightings';
import type { Revision, State } from './subject';
import type { Truth } from './truth';

/** What happened at a revision. */
export interface Meaning {
  readonly key: string;
  /** Absent: the key was removed. */
  readonly state?: State;
}

export const isSameMeaning = (a: Meaning, b: Meaning): boolean =>
  a.key === b.key && a.state?.value === b.state?.value && a.state?.label === b.state?.label;

/** What each revision means: first as the truth has it, then as whoever was told of it first. */
export class Meanings {
  readonly #meanings = new Map<Revision, Meaning>();
  readonly #byValue = new Map<string, Revision[]>();
  /** Revisions that the truth itself uses twice. */
  readonly ambiguous: Revision[] = [];

  constructor(truth: Truth = []) {
    for (const { changes, state } of truth) {
      for (const item of state) if (!this.#meanings.has(item.revision)) this.#set(item.revision, meaningOf(item));
      for (const change of changes) {
        if (this.#meanings.has(change.revision)) this.ambiguous.push(change.revision);
        this.#set(change.revision, change.deleted ? { key: change.key } : meaningOf(change));
      }
    }
  }

  get(revision: Revision): Meaning | undefined {
    return this.#meanings.get(revision);
  }

  learn({ revision, key, state }: Sighting): void {
    if (!this.#meanings.has(revision)) this.#set(revision, { key, ...(state && { state }) });
  }

  /** Ascending, as far as revisions are; more than one for a write that took effect more than once. */
  revisionsOf(value: string): readonly Revision[] {
    return this.#byValue.get(value) ?? [];
  }

  #set(revision: Revision, meaning: Meaning): void {
    this.#meanings.set(revision, meaning);
    if (!meaning.state) return;
    const known = this.#byValue.get(meaning.state.value) ?? [];
    this.#byValue.set(meaning.state.value, [...known, revision]);
  }
}

const meaningOf = ({ key, value = '', label = '' }: { key: string; value?: string; label?: string }): Meaning => ({
  key,
  state: { value, label },
});
