import { Failure, Optional, Timestamp, Uint, Duration, isList, isMap, type Value } from '../values/value';
import { present } from './collections';
import { type Library, overload } from './declare';

const zeros: readonly ((value: Value) => boolean)[] = [
  (value) => value === null || value === false || value === 0n || value === 0 || value === '',
  (value) => value instanceof Uint && value.value === 0n,
  (value) => value instanceof Uint8Array && value.length === 0,
  (value) => (value instanceof Duration || value instanceof Timestamp) && value.nanos === 0n,
  (value) => (isList(value) || isMap(value)) && value.size === 0,
  (value) => value instanceof Optional && value.value === undefined,
];

export const optionals: Library = {
  'optional.of': [overload('(A) -> optional(A)', (value: Value) => new Optional(value))],
  'optional.ofNonZeroValue': [
    overload('(A) -> optional(A)', (value: Value) =>
      zeros.some((isZero) => isZero(value)) ? Optional.none : new Optional(value),
    ),
  ],
  'optional.none': [overload('() -> optional(A)', () => Optional.none)],
  value: [
    overload('optional(A).() -> A', (optional: Optional) =>
      present(optional.value, () => new Failure('optional.none() dereference')),
    ),
  ],
  hasValue: [overload('optional(A).() -> bool', (optional: Optional) => optional.value !== undefined)],
  or: [
    overload('optional(A).(optional(A)) -> optional(A)', (optional: Optional, other: Optional) =>
      optional.value === undefined ? other : optional,
    ),
  ],
  orValue: [
    overload('optional(A).(A) -> A', (optional: Optional, other: Value) =>
      optional.value === undefined ? other : optional.value,
    ),
  ],
};
