import type { Operation } from './linearize';
import type { Revision } from './subject';

/** One key: not there, or there with a value at a revision. No revision: a write whose revision nobody learned. */
export type Register =
  { readonly there: false } | { readonly there: true; readonly value: string; readonly revision?: Revision };

export const absent: Register = { there: false };

/** What a call did or saw, without its times. */
export type Effect =
  | {
      readonly is: 'create' | 'update';
      readonly value: string;
      readonly revision?: Revision;
      readonly expected?: Revision;
    }
  | { readonly is: 'delete'; readonly revision?: Revision; readonly expected?: Revision }
  /** The database failed over: whatever it was, now it is this. */
  | { readonly is: 'turn back'; readonly to: Register; readonly revision: Revision }
  | { readonly is: 'see'; readonly value: string; readonly revision: Revision }
  | { readonly is: 'see nothing' }
  | { readonly is: 'see something' }
  /** A Conflict: it is not at the revision that was expected. */
  | { readonly is: 'see another'; readonly expected: Revision };

export interface RegisterOperation extends Operation<Register> {
  readonly effect: Effect;
  /** Ids of the records behind it. */
  readonly records: readonly number[];
}

/** What can be seen of a state: never a value whose revision nobody learned. */
export const registerKey = (state: Register): string => {
  if (!state.there) return '';
  return state.revision === undefined ? '?' : `${state.revision}=${state.value}`;
};

type Model = {
  readonly [K in Effect['is']]: (effect: Extract<Effect, { is: K }>, state: Register) => Register | undefined;
};

const onlyIf = (holds: boolean, state: Register): Register | undefined => (holds ? state : undefined);

/** A register with a revision, which writes may insist on. */
const model: Model = {
  create: (effect, { there }) => (there ? undefined : written(effect)),
  update: (effect, state) => (isAsExpected(effect, state) ? written(effect) : undefined),
  delete: (effect, state) => (isAsExpected(effect, state) ? absent : undefined),
  'turn back': ({ to }) => to,
  see: ({ revision, value }, state) => onlyIf(isAt(revision, state) && state.value === value, state),
  'see nothing': (_, state) => onlyIf(!state.there, state),
  'see something': (_, state) => onlyIf(state.there, state),
  'see another': ({ expected }, state) => onlyIf(!isAt(expected, state), state),
};

/** The state after an effect; undefined when it cannot have happened in this state. */
export const applyEffect = (effect: Effect, state: Register): Register | undefined =>
  (model[effect.is] as (effect: Effect, state: Register) => Register | undefined)(effect, state);

const isAt = (revision: Revision, state: Register): state is Register & { readonly there: true } =>
  state.there && state.revision === revision;

const written = ({ value, revision }: { readonly value: string; readonly revision?: Revision }): Register => ({
  there: true,
  value,
  ...(revision !== undefined && { revision }),
});

/** A revision that nobody learned may be the one expected: it is not known to be another. */
const isAsExpected = ({ expected }: { readonly expected?: Revision }, state: Register): boolean =>
  state.there && (expected === undefined || (state.revision ?? expected) === expected);

const writes: ReadonlySet<Effect['is']> = new Set(['create', 'update', 'delete', 'turn back']);

export interface Interval {
  readonly invoked: number;
  readonly returned: number;
  readonly optional?: boolean;
  readonly records?: readonly number[];
}

export function newOperation(
  effect: Effect,
  { invoked, returned, optional, records = [] }: Interval,
): RegisterOperation {
  const writing = writes.has(effect.is);
  const rank = writing && 'revision' in effect ? effect.revision : undefined;
  return {
    invoked,
    returned,
    effect,
    records,
    ...(optional && { optional }),
    ...(rank !== undefined && { rank }),
    ...(!writing && { reads: true }),
    apply: (state) => applyEffect(effect, state),
  };
}
