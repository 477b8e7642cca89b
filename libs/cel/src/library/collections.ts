import { concatenation, joining, membership, textSize } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { type EntryMap, GrowingList, indexOf, JoinedList } from '../values/collections';
import { equals } from '../values/equality';
import { type CelMap, Failure, type List, noSuchKey, Optional, typeNameOf, Uint, type Value } from '../values/value';
import { type Library, metered, overload } from './declare';

/** The value, which may be null, or else the failure. */
export const present = (value: Value | undefined, failure: () => Failure): Value =>
  value === undefined ? failure() : value;

/** An element; a failure out of bounds. */
export function elementAt(list: List, index: Value): Value {
  const at = indexOf(index);
  if (at instanceof Failure) return at;
  return present(list.at(at), () => new Failure(`index out of bounds: ${String(at)}`));
}

/** A key as errors show it. */
export function keyText(key: Value): string {
  if (key instanceof Uint) return String(key.value);
  return typeof key === 'object' ? typeNameOf(key) : String(key);
}

/** The value of a key; a failure when there is none. */
export function entryAt(map: CelMap, key: Value): Value {
  return present(map.get(key), () => noSuchKey(keyText(key)));
}

const optionally = (value: Value | undefined): Optional =>
  value === undefined ? Optional.none : value instanceof Optional ? value : new Optional(value);

function optionalElement(list: List, index: Value): Value {
  const at = indexOf(index);
  return at instanceof Failure ? at : optionally(list.at(at));
}

/** What an optional holds, looked into. */
function within<T extends Value>(optional: Optional, look: (value: T) => Value): Value {
  return optional.value === undefined ? Optional.none : look(optional.value as T);
}

/** Whether an equal element is in a list. */
export function listContains(meter: Meter, value: Value, list: List): Value {
  for (let index = 0; index < list.size; index++) {
    const equal = equals(list.at(index) ?? null, value, meter);
    if (equal === true || equal instanceof Failure) return equal;
  }
  return false;
}

/** Lists as one. A list that is being collected grows; lists with a type of their own know how to merge. */
function join(meter: Meter, left: List, right: List): Value {
  if (left instanceof GrowingList) return left.push(right.at(0) ?? null);
  return left.plus ? left.plus(right, meter) : new JoinedList(left, right);
}

function bytesOf(meter: Meter, left: Uint8Array, right: Uint8Array): Value {
  meter.text(left.length + right.length);
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

const sizes = ['string', 'bytes', 'list(A)', 'map(A, B)'] as const;
const size = (value: string | Uint8Array | List | CelMap): Value =>
  BigInt(typeof value === 'string' ? textSize(value) : value instanceof Uint8Array ? value.length : value.size);

export const collections: Library = {
  '_+_': [
    metered(
      '(string, string) -> string',
      (meter, left: string, right: string) => {
        meter.text(left.length + right.length);
        return left + right;
      },
      concatenation,
    ),
    metered('(bytes, bytes) -> bytes', bytesOf, concatenation),
    metered('(list(A), list(A)) -> list(A)', join, joining),
  ],
  '@in': [
    metered('(A, list(A)) -> bool', listContains, membership),
    overload('(A, map(A, B)) -> bool', (key: Value, map: CelMap) => map.has(key)),
  ],
  '_[_]': [
    overload('(list(A), int) -> A', elementAt),
    overload('(map(A, B), A) -> B', entryAt),
    overload('(optional(list(A)), int) -> optional(A)', (list: Optional, index: bigint) =>
      within(list, (value: List) => optionalElement(value, index)),
    ),
    overload('(optional(map(A, B)), A) -> optional(B)', (map: Optional, key: Value) =>
      within(map, (value: CelMap) => optionally(value.get(key))),
    ),
  ],
  '_[?_]': [
    overload('(list(A), int) -> optional(A)', optionalElement),
    overload('(optional(list(A)), int) -> optional(A)', (list: Optional, index: bigint) =>
      within(list, (value: List) => optionalElement(value, index)),
    ),
    overload('(map(A, B), A) -> optional(B)', (map: CelMap, key: Value) => optionally(map.get(key))),
    overload('(optional(map(A, B)), A) -> optional(B)', (map: Optional, key: Value) =>
      within(map, (value: CelMap) => optionally(value.get(key))),
    ),
  ],
  size: [
    ...sizes.map((type) => overload(`(${type}) -> int`, size)),
    ...sizes.map((type) => overload(`${type}.() -> int`, size)),
  ],
  'cel.@mapInsert': [
    overload(
      '(map(A, B), A, B) -> map(A, B)',
      (map: EntryMap, key: Value, value: Value) => map.insert(key, value) ?? map,
    ),
    overload('(map(A, B), map(A, B)) -> map(A, B)', (map: EntryMap, more: CelMap) => {
      for (const key of more.keys()) {
        const failure = map.insert(key, more.get(key) ?? null);
        if (failure) return failure;
      }
      return map;
    }),
  ],
};
