import { allocation } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { ArrayList } from '../values/collections';
import { equals } from '../values/equality';
import { Failure, isList, type List, type Value } from '../values/value';
import { type Library, metered, type Overload } from './declare';
import { ordered, precedes } from './lists';

/** The elements; counts them as work first, so that a list that only looks long is not made long. */
function elements(list: List, meter: Meter): Value[] {
  meter.work(list.size);
  return Array.from({ length: list.size }, (_, index) => list.at(index) ?? null);
}

function slice(meter: Meter, list: List, start: bigint, end: bigint): Value {
  const wrong = (why: string): Failure => new Failure(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0n || end < 0n) return wrong('negative indexes not supported');
  if (start > end) return wrong('start index must be less than or equal to end index');
  if (end > list.size) return wrong(`list is length ${list.size}`);
  return new ArrayList(elements(list, meter).slice(Number(start), Number(end)));
}

function flattened(list: List, depth: bigint, meter: Meter): Value[] {
  return elements(list, meter).flatMap((element) =>
    depth > 0n && isList(element) ? flattened(element, depth - 1n, meter) : [element],
  );
}

function flatten(meter: Meter, list: List, depth = 1n): Value {
  if (depth < 0n) return new Failure('level must be non-negative');
  return new ArrayList(flattened(list, depth, meter));
}

function range(meter: Meter, count: bigint): Value {
  meter.work(Math.max(0, Number(count)));
  return new ArrayList(Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index)));
}

function distinct(meter: Meter, list: List): Value {
  const found: Value[] = [];
  for (const element of elements(list, meter)) {
    if (!found.some((other) => equals(other, element, meter) === true)) found.push(element);
  }
  return new ArrayList(found);
}

/** The elements of a list in the order of the keys at the same places. */
function sortedBy(meter: Meter, list: List, keys: List): Value {
  if (list.size !== keys.size)
    return new Failure('@sortByAssociatedKeys() expected a list of the same size as the associated keys list');
  const pairs = elements(list, meter).map((element, index) => ({ element, key: keys.at(index) ?? null }));
  let failure: Failure | undefined;
  const before = (left: Value, right: Value): boolean => {
    const verdict = precedes(left, right, meter);
    if (verdict instanceof Failure) failure ??= new Failure('list elements must have the same type');
    return verdict === true;
  };
  const sorted = pairs.toSorted((a, b) => (before(a.key, b.key) ? -1 : before(b.key, a.key) ? 1 : 0));
  return failure ?? new ArrayList(sorted.map(({ element }) => element));
}

const ofOrdered = (make: (type: string) => Overload): readonly Overload[] => ordered.map(make);

/** The list functions of the CEL community that Kubernetes enables. */
export const listExtensions: Library = {
  slice: [metered('list(A).(int, int) -> list(A)', slice, allocation(1, 1))],
  flatten: [
    metered('list(list(A)).() -> list(A)', flatten, allocation(1, 1)),
    metered('list(dyn).(int) -> list(dyn)', flatten, allocation(1, 1)),
  ],
  'lists.range': [
    metered('(int) -> list(int)', range, {
      runtime: ([count]) => 11 + Math.max(0, Number(count)),
      estimate: () => ({ cost: { min: 11, max: Infinity }, size: { min: 0, max: Infinity } }),
    }),
  ],
  reverse: [
    metered(
      'list(A).() -> list(A)',
      (meter, list: List) => new ArrayList(elements(list, meter).toReversed()),
      allocation(1, 1),
    ),
  ],
  distinct: [metered('list(A).() -> list(A)', distinct, allocation(2, 2))],
  sort: ofOrdered((type) =>
    metered(`list(${type}).() -> list(${type})`, (meter, list: List) => sortedBy(meter, list, list), allocation(2, 2)),
  ),
  '@sortByAssociatedKeys': ofOrdered((type) =>
    metered(`list(A).(list(${type})) -> list(A)`, sortedBy, allocation(2, 2)),
  ),
};
