import { crossing, listTraversal } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { equals } from '../values/equality';
import { Duration, Failure, type List, Uint, type Value } from '../values/value';
import { listContains } from './collections';
import { comparisons } from './comparisons';
import { accepts, type Library, metered, type Overload } from './declare';
import { numbers } from './numbers';
import { times } from './times';

/** Applies the operator to values of one kind. */
function apply(library: Library, operator: string, args: readonly Value[], meter: Meter): Value {
  const found = library[operator]?.find(({ params }) => params.every((type, at) => accepts(type, args[at] ?? null)));
  return found?.call(args, meter) ?? new Failure('no such overload');
}

const elements = (list: List): Value[] => Array.from({ length: list.size }, (_, index) => list.at(index) ?? null);

/** Kinds of values that have an order. */
export const ordered = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'duration', 'timestamp'];

/** Whether the left one comes before the right one; a failure when they have no order. */
export const precedes = (left: Value, right: Value, meter: Meter): Value =>
  apply(comparisons, '_<_', [left, right], meter);

function isSorted(meter: Meter, list: List): Value {
  for (let index = 1; index < list.size; index++) {
    const ascending = apply(comparisons, '_<=_', [list.at(index - 1) ?? null, list.at(index) ?? null], meter);
    if (ascending !== true) return ascending;
  }
  return true;
}

/** The one that no other is before, by this operator. */
const extreme =
  (name: string, operator: '_<_' | '_>_') =>
  (meter: Meter, list: List): Value => {
    if (list.size === 0) return new Failure(`${name} called on empty list`);
    return elements(list).reduce((best, value) => {
      const better = apply(comparisons, operator, [value, best], meter);
      return better === true ? value : best;
    });
  };

const zeros: Readonly<Record<string, Value>> = {
  int: 0n,
  uint: new Uint(0n),
  double: 0,
  duration: new Duration(0n),
};

const sum =
  (zero: Value) =>
  (meter: Meter, list: List): Value =>
    elements(list).reduce<Value>(
      (total, value) =>
        total instanceof Failure
          ? total
          : apply(total instanceof Duration ? times : numbers, '_+_', [total, value], meter),
      zero,
    );

const find =
  (indices: (size: number) => readonly [start: number, end: number, step: number]) =>
  (meter: Meter, list: List, value: Value): Value => {
    const [start, end, step] = indices(list.size);
    for (let index = start; index !== end; index += step) {
      if (equals(list.at(index) ?? null, value, meter) === true) return BigInt(index);
    }
    return -1n;
  };

const ofEach = (result: string, call: (meter: Meter, list: List) => Value): readonly Overload[] =>
  ordered.map((type) => metered(`list(${type}).() -> ${result === 'A' ? type : result}`, call, listTraversal));

function containsAll(meter: Meter, set: List, of: List): Value {
  return elements(of).every((value) => listContains(meter, value, set) === true);
}

const intersects = (meter: Meter, left: List, right: List): Value =>
  elements(left).some((value) => listContains(meter, value, right) === true);

/** Lists of values in an order, and lists as sets. */
export const lists: Library = {
  isSorted: ofEach('bool', isSorted),
  min: ofEach('A', extreme('min', '_<_')),
  max: ofEach('A', extreme('max', '_>_')),
  sum: Object.entries(zeros).map(([type, zero]) => metered(`list(${type}).() -> ${type}`, sum(zero), listTraversal)),
  indexOf: [
    metered(
      'list(A).(A) -> int',
      find((size) => [0, size, 1]),
      listTraversal,
    ),
  ],
  lastIndexOf: [
    metered(
      'list(A).(A) -> int',
      find((size) => [size - 1, -1, -1]),
      listTraversal,
    ),
  ],
  'sets.contains': [metered('(list(A), list(A)) -> bool', containsAll, crossing(1))],
  'sets.equivalent': [
    metered(
      '(list(A), list(A)) -> bool',
      (meter, left: List, right: List) =>
        containsAll(meter, left, right) === true && containsAll(meter, right, left) === true,
      crossing(2),
    ),
  ],
  'sets.intersects': [metered('(list(A), list(A)) -> bool', intersects, crossing(1))],
};
