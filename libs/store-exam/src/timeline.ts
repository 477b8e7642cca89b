import { countUpTo, lastUpTo } from './sorted';
import type { Item, Revision } from './subject';
import type { Epoch, Truth, TruthChange } from './truth';

/** What a key is from `revision` on. */
export interface Version {
  readonly revision: Revision;
  /** Absent: it is not there. */
  readonly item?: Item;
}

export interface Transition {
  readonly revision: Revision;
  readonly key: string;
  readonly before?: Item;
  readonly after?: Item;
}

/** Revisions of a lost tail of which not all is known. */
interface Gap {
  readonly after: Revision;
  readonly before: Revision;
}

const revisionOf = ({ revision }: { readonly revision: Revision }): Revision => revision;

/**
 * The truth laid out along the revisions. A failover turns the state back at its `start`: as versions without a
 * transition, because nobody is told of it but by having to list again.
 */
export class Timeline {
  readonly transitions: readonly Transition[];
  readonly #versions = new Map<string, Version[]>();
  readonly #starts: readonly Revision[];
  readonly #gaps: readonly Gap[];
  readonly #byRevision: ReadonlyMap<Revision, Transition>;

  /** `tail` is what the history knows of lost tails that the truth does not. */
  constructor(truth: Truth, tail: readonly TruthChange[] = []) {
    const transitions: Transition[] = [];
    truth.forEach((epoch, index) => {
      if (hasJumped(epoch)) this.#begin(epoch);
      const end = truth[index + 1]?.start ?? Infinity;
      const inTail = epoch.tailUnknown ? tail.filter(({ revision: r }) => r >= epoch.start && r < end) : [];
      for (const change of [...epoch.changes, ...inTail].sort((a, b) => a.revision - b.revision)) {
        transitions.push(this.#change(change));
      }
    });
    this.transitions = transitions;
    this.#byRevision = new Map(transitions.map((transition) => [transition.revision, transition]));
    this.#starts = truth.filter(hasJumped).map(({ start }) => start);
    this.#gaps = gapsOf(truth);
  }

  get keys(): Iterable<string> {
    return this.#versions.keys();
  }

  /** The revision of the state that everything began with. */
  get start(): Revision {
    return this.#starts[0] ?? 0;
  }

  /** The failovers, by the first revision behind their jump. */
  get jumps(): readonly Revision[] {
    return this.#starts.slice(1);
  }

  transitionAt(revision: Revision): Transition | undefined {
    return this.#byRevision.get(revision);
  }

  transitionsIn(after: Revision, upTo: Revision): readonly Transition[] {
    const from = countUpTo(this.transitions, after, revisionOf);
    return this.transitions.slice(from, countUpTo(this.transitions, upTo, revisionOf));
  }

  at(key: string, revision: Revision): Item | undefined {
    return lastUpTo(this.#versions.get(key) ?? [], revision, revisionOf)?.item;
  }

  /** Everything the key was while the revision went from `from` to `to`, both included. */
  during(key: string, from: Revision, to: Revision): readonly (Item | undefined)[] {
    const versions = this.#versions.get(key) ?? [];
    const first = countUpTo(versions, from, revisionOf);
    const later = versions.slice(first, countUpTo(versions, to, revisionOf)).map(({ item }) => item);
    return [versions[first - 1]?.item, ...later];
  }

  versions(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  stateAt(revision: Revision, selector?: string): ReadonlyMap<string, Item> {
    const state = new Map<string, Item>();
    for (const key of this.#versions.keys()) {
      const item = this.at(key, revision);
      if (item && matches(selector, item)) state.set(key, item);
    }
    return state;
  }

  /** Whether there may have been changes between the two that nobody knows of. */
  isUncertain(from: Revision, to: Revision = from): boolean {
    return this.#gaps.some(({ after, before }) => to > after && from < before);
  }

  /** Which epoch a revision belongs to. */
  epochOf(revision: Revision): number {
    return Math.max(0, countUpTo(this.#starts, revision, (start) => start) - 1);
  }

  #begin({ start, state }: Epoch): void {
    const there = new Map(state.map((item) => [item.key, item]));
    for (const key of new Set([...this.#versions.keys(), ...there.keys()])) this.#add(key, start, there.get(key));
  }

  #change({ revision, key, value, label, deleted }: TruthChange): Transition {
    const before = this.#versions.get(key)?.at(-1)?.item;
    const after = deleted ? undefined : { key, revision, value: value ?? '', label: label ?? '' };
    this.#add(key, revision, after);
    return { revision, key, ...(before && { before }), ...(after && { after }) };
  }

  #add(key: string, revision: Revision, item: Item | undefined): void {
    const versions = this.#versions.get(key) ?? [];
    this.#versions.set(key, versions);
    versions.push({ revision, ...(item && { item }) });
  }
}

export const matches = (selector: string | undefined, item: Item | undefined): boolean =>
  item !== undefined && (selector === undefined || item.label === selector);

export const isSameItem = (a: Item | undefined, b: Item | undefined): boolean =>
  a?.key === b?.key && a?.revision === b?.revision && a?.value === b?.value && a?.label === b?.label;

/** After a failover that lost nothing, or that nobody noticed before the next one, the numbers may simply go on. */
const hasJumped = ({ start, survived }: Epoch): boolean => start !== survived;

function gapsOf(truth: Truth): readonly Gap[] {
  return truth.flatMap(({ start, survived = start - 1 }, index) =>
    truth[index - 1]?.tailUnknown ? [{ after: survived, before: start }] : [],
  );
}
