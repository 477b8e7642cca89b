import { CachedObject, factsIn, newCachedObject } from './cached-object';
import { Change } from './change';
import { History, type HistoryLimits } from './history';
import { Indexes } from './indexes';
import { idOf } from './keys';
import type { LogRecord, ObjectRow, UndoRecord } from './log';
import { OrderedSet, type OrderedSnapshot } from './ordered-set';
import type { ResourceFields, Revision } from './store';
import { Watchers } from './watchers';

/** A record with what its writer knows about it beyond the bytes, which is as good as the extractor it was read by. */
export type Arrival = LogRecord & {
  readonly object?: CachedObject | undefined;
  readonly readBy?: ResourceFields | undefined;
};

const maxPinned = 64;

/** One resource in the watch cache: its objects now, the changes that led here, and who watches. */
export class ResourceCache {
  readonly objects = new OrderedSet<CachedObject>();
  readonly history: History;
  indexes: Indexes;
  readonly watchers: Watchers;
  #extract: ResourceFields | undefined;
  /** States that a paged list is in the middle of. */
  readonly #pinned = new Map<Revision, OrderedSnapshot<CachedObject>>();
  #state: object = {};

  constructor(extract: ResourceFields | undefined, oldest: Revision, limits: HistoryLimits) {
    this.#extract = extract;
    this.history = new History(oldest, limits);
    this.indexes = new Indexes(extract?.indexed ?? [], this.objects);
    this.watchers = new Watchers(extract?.indexed ?? []);
  }

  /** What reads the facts of its objects. */
  get extract(): ResourceFields | undefined {
    return this.#extract;
  }

  /** Identifies the objects that there are: another one after every change. */
  get state(): object {
    return this.#state;
  }

  load(row: ObjectRow): void {
    this.#state = {};
    const object = newCachedObject(row, this.#extract);
    this.objects.set(object);
    this.indexes.add(object);
  }

  /** Takes the next change in; who watches is told by the caller. */
  apply(record: Arrival): Change {
    this.#state = {};
    const { key, revision, deleted } = record;
    const before = this.objects.get(idOf(key));
    const { value } = record;
    const known = record.readBy === this.#extract ? record.object : undefined;
    const state = known ?? (value === undefined ? undefined : newCachedObject({ ...record, value }, this.#extract));
    const change = new Change({ revision, before, ...(deleted ? { final: state } : { after: state }) });
    if (before) this.indexes.delete(before);
    if (change.after) {
      this.objects.set(change.after);
      this.indexes.add(change.after);
    } else this.objects.delete(change.id);
    this.history.push(change);
    return change;
  }

  /** The whole state at a revision; undefined when the way back to it is forgotten. */
  stateAt(revision: Revision): OrderedSnapshot<CachedObject> | undefined {
    return this.#pinned.get(revision) ?? this.copyAt(revision);
  }

  /** The same as the caller's own, to change. */
  copyAt(revision: Revision): OrderedSet<CachedObject> | undefined {
    const undo = this.history.after(revision);
    if (!undo) return undefined;
    const state = this.objects.snapshot();
    for (const { before, id } of undo.toReversed()) {
      if (before) state.set(before);
      else state.delete(id);
    }
    return state;
  }

  /** A state, that is the caller's to change, led back by records of the log. */
  rewound(state: OrderedSet<CachedObject>, records: readonly UndoRecord[]): OrderedSnapshot<CachedObject> {
    for (const { key, previous } of records) {
      if (previous) state.set(newCachedObject({ key, ...previous }, this.#extract));
      else state.delete(idOf(key));
    }
    return state;
  }

  /** Keeps the state at a revision for the next pages, until newer lists push it out. */
  pin(revision: Revision, state: OrderedSnapshot<CachedObject>): void {
    this.#pinned.delete(revision);
    this.#pinned.set(revision, state);
    if (this.#pinned.size > maxPinned) this.#pinned.delete(this.#pinned.keys().next().value as Revision);
  }

  forget(before: Revision): void {
    this.history.forget(before);
    for (const revision of this.#pinned.keys()) if (revision < before) this.#pinned.delete(revision);
  }

  /** Rebuilds the history from the log's way back: newest first, starting at the loaded state. */
  rewind(records: readonly UndoRecord[]): void {
    const later = new Map<string, CachedObject | undefined>();
    const changes = records.map((record) => this.#undo(record, later));
    for (const change of changes.reverse()) this.history.push(change);
  }

  #undo({ key, revision, previous, final }: UndoRecord, later: Map<string, CachedObject | undefined>): Change {
    const id = idOf(key);
    const after = later.has(id) ? later.get(id) : this.objects.get(id);
    const before = previous && newCachedObject({ key, ...previous }, this.#extract);
    later.set(id, before);
    if (after || final === undefined) return new Change({ revision, before, after });
    const createdRevision = previous?.createdRevision ?? revision;
    const reported = newCachedObject({ key, revision, createdRevision, value: final }, this.#extract);
    return new Change({ revision, before, final: reported });
  }

  /** Reads the facts of every object again, past ones too, with another extractor. Watchers keep what they selected by. */
  redefine(extract: ResourceFields): void {
    this.#extract = extract;
    this.#state = {};
    const known = new Map<CachedObject, CachedObject>();
    const anew = (old: CachedObject): CachedObject => {
      const object = known.get(old) ?? new CachedObject(old.key, old, old.json, factsIn(old.json, extract));
      known.set(old, object);
      return object;
    };
    this.#pinned.clear();
    this.history.map((change) => change.map(anew));
    this.indexes = new Indexes(extract.indexed ?? [], this.objects);
    for (const old of [...this.objects.from('')]) {
      const object = anew(old);
      this.objects.set(object);
      this.indexes.add(object);
    }
  }
}
