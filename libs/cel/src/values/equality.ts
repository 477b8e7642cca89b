import type { Meter } from '../evaluate/meter';
import {
  type CelMap,
  Duration,
  Failure,
  isList,
  isMap,
  isOpaque,
  type List,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './value';

const isNumber = (value: Value): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

const plain = (value: bigint | number | Uint): bigint | number => (value instanceof Uint ? value.value : value);

/** Negative, zero or positive; undefined when the two have no order (NaN). Kinds of numbers mix. */
export function compareNumbers(left: bigint | number | Uint, right: bigint | number | Uint): number | undefined {
  const a = plain(left);
  const b = plain(right);
  if (a < b) return -1;
  if (a > b) return 1;
  return a == b ? 0 : undefined;
}

export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

/** Texts in the order of their code points. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  let at = 0;
  while (left[at] === right[at]) at++;
  return (left.codePointAt(at) ?? -1) - (right.codePointAt(at) ?? -1);
}

function elementsEqual(left: List, right: List, meter: Meter): Value {
  if (left.size !== right.size) return false;
  meter.work(left.size);
  for (let index = 0; index < left.size; index++) {
    const equal = equals(left.at(index) ?? null, right.at(index) ?? null, meter);
    if (equal !== true) return equal;
  }
  return true;
}

function entriesEqual(left: CelMap, right: CelMap, meter: Meter): Value {
  if (left.size !== right.size) return false;
  meter.work(left.size);
  for (const key of left.keys()) {
    if (!right.has(key)) return false;
    const equal = equals(left.get(key) ?? null, right.get(key) ?? null, meter);
    if (equal !== true) return equal;
  }
  return true;
}

function optionalsEqual(left: Optional, right: Optional, meter: Meter): Value {
  if (left.value === undefined || right.value === undefined) return left.value === right.value;
  return equals(left.value, right.value, meter);
}

type Equality = (left: Value, right: Value, meter: Meter) => Value | undefined;

/** Each answers for the values it knows: the first one that does decides. */
const equalities: readonly Equality[] = [
  (left, right) => (isNumber(left) && isNumber(right) ? compareNumbers(left, right) === 0 : undefined),
  (left, right, meter) => {
    if (!isList(left) || !isList(right)) return undefined;
    return (left.equals ?? right.equals)
      ? left.equals
        ? left.equals(right, meter)
        : right.equals?.(left, meter)
      : elementsEqual(left, right, meter);
  },
  (left, right, meter) => (isMap(left) && isMap(right) ? entriesEqual(left, right, meter) : undefined),
  (left, right) => (left instanceof Timestamp && right instanceof Timestamp ? left.nanos === right.nanos : undefined),
  (left, right) => (left instanceof Duration && right instanceof Duration ? left.nanos === right.nanos : undefined),
  (left, right) => (left instanceof TypeValue && right instanceof TypeValue ? left.name === right.name : undefined),
  (left, right) =>
    left instanceof Uint8Array && right instanceof Uint8Array ? compareBytes(left, right) === 0 : undefined,
  (left, right, meter) =>
    left instanceof Optional && right instanceof Optional ? optionalsEqual(left, right, meter) : undefined,
  (left, right) => (isOpaque(left) ? left.equals(right) : undefined),
];

/** Whether two values are the same; what differs in kind is not equal. A failure when comparing a part failed. */
export function equals(left: Value, right: Value, meter: Meter): Value {
  if (left === right) return true;
  if (typeof left === 'string' || typeof right === 'string') return false;
  if (left instanceof Failure) return left;
  if (right instanceof Failure) return right;
  for (const equality of equalities) {
    const equal = equality(left, right, meter);
    if (equal !== undefined) return equal;
  }
  return false;
}
