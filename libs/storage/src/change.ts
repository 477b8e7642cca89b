import type { CachedObject } from './cached-object';
import type { Matcher } from './selection';
import type { Revision, StoreEvent } from './store';

type ObjectEvent = Extract<StoreEvent, { readonly stored: unknown }>;

export interface Transition {
  readonly revision: Revision;
  readonly before?: CachedObject | undefined;
  readonly after?: CachedObject | undefined;
  /** With a removal: what it reports, if that is not `before`. */
  readonly final?: CachedObject | undefined;
}

/** One revision of one object. All watchers that see it in the same way get the same event with the same bytes. */
export class Change implements Transition {
  readonly revision: Revision;
  readonly before: CachedObject | undefined;
  readonly after: CachedObject | undefined;
  /** The oldest state it knows: what the history keeps alive on its account. */
  readonly #subject: CachedObject;
  #gone: CachedObject | undefined;
  readonly #events: Partial<Record<ObjectEvent['type'], ObjectEvent>> = {};

  constructor({ revision, before, after, final }: Transition) {
    const subject = before ?? after;
    if (!subject) throw new Error(`revision ${revision} changes nothing`);
    this.revision = revision;
    this.before = before;
    this.after = after;
    this.#subject = subject;
    this.#gone = final;
  }

  get id(): string {
    return this.#subject.id;
  }

  get resource(): string {
    return this.#subject.key.resource;
  }

  /** In bytes. */
  get size(): number {
    return this.#subject.json.length;
  }

  /** What a DELETED event carries: the last state, in the bytes of this revision. */
  get gone(): CachedObject {
    return (this.#gone ??= this.#subject.at(this.revision));
  }

  /** The state to hand to whoever made the change. */
  get result(): CachedObject {
    return this.after ?? this.gone;
  }

  /** The same change of other forms of its states. */
  map(state: (old: CachedObject) => CachedObject): Change {
    const { revision, before, after } = this;
    const final = this.#gone && state(this.#gone);
    return new Change({ revision, before: before && state(before), after: after && state(after), final });
  }

  /** Entering a selection is ADDED, leaving it DELETED. */
  seenBy(matcher: Matcher): ObjectEvent | undefined {
    const was = this.before !== undefined && matcher.matches(this.before);
    const is = this.after !== undefined && matcher.matches(this.after);
    if (is) return this.#event(was ? 'MODIFIED' : 'ADDED');
    return was ? this.#event('DELETED') : undefined;
  }

  #event(type: ObjectEvent['type']): ObjectEvent {
    const stored = type === 'DELETED' ? this.gone : this.result;
    return (this.#events[type] ??= { type, revision: this.revision, stored });
  }
}
