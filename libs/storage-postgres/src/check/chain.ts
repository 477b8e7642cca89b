import type { ChangeFacts, ObjectFacts, Position } from './facts';

/** One state of an object, as far as it is told by what refers to it. */
export interface State {
  readonly revision: number;
  readonly created: number;
  /** Null: nobody noted it. */
  readonly checksum: string | null;
}

type Finding = (text: string) => void;

/**
 * The changes of one object in their order, and where they lead: forwards from the state at the compacted revision, which
 * is the one before the first change, to the row of the state. Tells of every place where two do not agree.
 */
export class Chain {
  readonly #position: Position;
  readonly #finding: Finding;
  #changes = 0;
  #first: State | undefined;
  #state: State | undefined;

  constructor(position: Position, finding: Finding) {
    this.#position = position;
    this.#finding = finding;
  }

  add(change: ChangeFacts): void {
    const before = stateBefore(change);
    if (this.#changes === 0) this.#begin(change, before);
    else this.#compare(change, before);
    for (const problem of problemsOf(change, before)) this.#finding(`revision ${change.revision} ${problem}`);
    this.#state = change.deleted
      ? undefined
      : { revision: change.revision, created: change.created_revision, checksum: change.checksum };
    this.#changes += 1;
  }

  /** Compares where the changes lead with what is there. */
  end(object: ObjectFacts | undefined): Ends {
    if (this.#changes > 0) {
      this.#arrive(object);
      return { then: this.#first, now: this.#state };
    }
    if (!object) return { then: undefined, now: undefined };
    const { compacted, latest } = this.#position;
    const { revision, created_revision: created, checksum } = object;
    if (revision > latest) this.#finding(`is at revision ${revision}, and the newest there is is ${latest}`);
    else if (revision > compacted) this.#finding(`is at revision ${revision}, which the log does not have`);
    const state = { revision, created, checksum };
    return { then: state, now: state };
  }

  #begin(change: ChangeFacts, before: State | undefined): void {
    this.#first = before;
    if (before && before.revision > this.#position.compacted)
      this.#finding(`revision ${change.revision} follows revision ${before.revision}, which the log does not have`);
  }

  #compare(change: ChangeFacts, before: State | undefined): void {
    const says = `revision ${change.revision} follows ${described(before)}, and the change before it left`;
    const state = this.#state;
    if (before?.revision !== state?.revision) this.#finding(`${says} ${described(state)}`);
    else if (before && state && before.created !== state.created)
      this.#finding(
        `revision ${change.revision} has an object created at ${before.created}, and before at ${state.created}`,
      );
    else if (differ(state?.checksum, change.previous_actual))
      this.#finding(
        `the state of revision ${state?.revision ?? 0}, kept at revision ${change.revision}, is not what was written`,
      );
  }

  #arrive(object: ObjectFacts | undefined): void {
    const state = this.#state;
    if (!state || !object) {
      if (object) this.#finding('is there, and the log removed it');
      if (state) this.#finding(`is not there, and the log left it at revision ${state.revision}`);
      return;
    }
    if (state.revision !== object.revision)
      this.#finding(`is at revision ${object.revision}, and the log left it at ${state.revision}`);
    if (state.created !== object.created_revision)
      this.#finding(`was created at revision ${object.created_revision}, and the log says ${state.created}`);
    if (differ(state.checksum, object.actual)) this.#finding(`is not what revision ${state.revision} wrote`);
  }
}

/** Both ends of a chain. */
export interface Ends {
  /** The state at the compacted revision, found by going back from now. */
  readonly then: State | undefined;
  /** The state now, found by going forward from there. */
  readonly now: State | undefined;
}

function stateBefore(change: ChangeFacts): State | undefined {
  if (change.previous_revision === null) return undefined;
  return {
    revision: change.previous_revision,
    created: change.previous_created_revision ?? 0,
    checksum: change.previous_checksum,
  };
}

/** What is wrong with a change by itself. */
function problemsOf(change: ChangeFacts, before: State | undefined): readonly string[] {
  const { revision, created_revision: created, deleted, previous_actual: actual } = change;
  const problems: readonly (readonly [boolean, string])[] = [
    [!before && deleted, 'removes what was not there'],
    [!before && !deleted && created !== revision, `creates, and says that was at revision ${created}`],
    [!before && actual !== null, 'creates, and has a state from before'],
    [before !== undefined && actual === null, 'has lost the state from before it'],
    [before !== undefined && created !== before.created, 'has two revisions of creation'],
    [before !== undefined && before.revision >= revision, `follows revision ${before?.revision ?? 0}`],
    [differ(change.previous_checksum, actual), 'keeps a state from before it that is not what was written'],
    [change.has_final && !deleted, 'has a last state, and removes nothing'],
    [deleted && change.checksum !== null, 'removes, and has a checksum of a state'],
  ];
  return problems.filter(([wrong]) => wrong).map(([, text]) => text);
}

/** Whether both are known and not the same. */
const differ = (noted: string | null | undefined, actual: string | null): boolean =>
  noted !== null && noted !== undefined && actual !== null && noted !== actual;

const described = (state: State | undefined): string => (state ? `revision ${state.revision}` : 'nothing');
