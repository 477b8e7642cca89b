import { is, Quantity } from '@kubephant/api';
import { parsing } from '../cost/rules';
import { Failure, type OpaqueValue, type Value } from '../values/value';
import { type Library, type Overload, overload } from './declare';

export class QuantityValue implements OpaqueValue {
  readonly tag = 'opaque';
  readonly typeName = 'kubernetes.Quantity';
  readonly quantity: Quantity;

  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }

  equals(other: Value): boolean {
    return other instanceof QuantityValue && other.quantity.equals(this.quantity);
  }
}

/** Reads a quantity, without the surrounding space that JSON may have. */
function read(text: string): QuantityValue | Failure {
  if (text !== text.trim()) return new Failure(formatMessage);
  try {
    return new QuantityValue(Quantity.parse(text));
  } catch (error) {
    if (is('BadRequest', error)) return new Failure((error as Error).message);
    throw error;
  }
}

const formatMessage = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const whole = (quantity: Quantity): bigint | undefined => {
  const value = quantity.value();
  const fits = value >= -(2n ** 63n) && value < 2n ** 63n;
  return fits && Quantity.of(value).equals(quantity) ? value : undefined;
};

const type = 'kubernetes.Quantity';

function arithmetic(apply: (left: Quantity, right: Quantity) => Quantity): readonly Overload[] {
  return [
    overload(
      `${type}.(${type}) -> ${type}`,
      (left: QuantityValue, right: QuantityValue) => new QuantityValue(apply(left.quantity, right.quantity)),
    ),
    overload(
      `${type}.(int) -> ${type}`,
      (left: QuantityValue, right: bigint) => new QuantityValue(apply(left.quantity, Quantity.of(right))),
    ),
  ];
}

const compared = (result: 'bool' | 'int', verdict: (order: number) => Value): Overload =>
  overload(`${type}.(${type}) -> ${result}`, (left: QuantityValue, right: QuantityValue) =>
    verdict(Math.sign(left.quantity.compare(right.quantity))),
  );

export const quantities: Library = {
  quantity: [overload(`(string) -> ${type}`, read, parsing)],
  isQuantity: [overload('(string) -> bool', (text: string) => read(text) instanceof QuantityValue, parsing)],
  sign: [overload(`${type}.() -> int`, ({ quantity }: QuantityValue) => BigInt(quantity.sign))],
  isInteger: [overload(`${type}.() -> bool`, ({ quantity }: QuantityValue) => whole(quantity) !== undefined)],
  asInteger: [
    overload(
      `${type}.() -> int`,
      ({ quantity }: QuantityValue) => whole(quantity) ?? new Failure('cannot convert value to integer'),
    ),
  ],
  asApproximateFloat: [overload(`${type}.() -> double`, ({ quantity }: QuantityValue) => quantity.toNumber())],
  add: arithmetic((left, right) => left.add(right)),
  sub: arithmetic((left, right) => left.subtract(right)),
  isGreaterThan: [compared('bool', (order) => order > 0)],
  isLessThan: [compared('bool', (order) => order < 0)],
  compareTo: [compared('int', (order) => BigInt(order))],
};
