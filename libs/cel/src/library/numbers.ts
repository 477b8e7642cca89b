import { checkedInt } from '../values/time';
import { Failure, Uint, type Value } from '../values/value';
import { type Library, type Overload, overload } from './declare';

const divisionByZero = new Failure('division by zero');
const modulusByZero = new Failure('modulus by zero');
const unsignedOverflow = new Failure('unsigned integer overflow');

/** An unsigned number, or upstream's failure when it does not fit. */
export function checkedUint(value: bigint): Uint | Failure {
  return value < 0n || value >= 2n ** 64n ? unsignedOverflow : new Uint(value);
}

type Operation<T> = (left: T, right: T) => Value;

function arithmetic(int: Operation<bigint>, double?: Operation<number>): readonly Overload[] {
  const uint = (left: Uint, right: Uint): Value => {
    const value = int(left.value, right.value);
    return typeof value === 'bigint' ? checkedUint(value) : value;
  };
  return [
    overload('(int, int) -> int', (left: bigint, right: bigint) => {
      const value = int(left, right);
      return typeof value === 'bigint' ? checkedInt(value) : value;
    }),
    overload('(uint, uint) -> uint', uint),
    ...(double ? [overload('(double, double) -> double', double)] : []),
  ];
}

const divide: Operation<bigint> = (left, right) => (right === 0n ? divisionByZero : left / right);
const modulo: Operation<bigint> = (left, right) => (right === 0n ? modulusByZero : left % right);

/** Arithmetic that never wraps around: what does not fit into 64 bits is an error. */
export const numbers: Library = {
  '_+_': arithmetic(
    (left, right) => left + right,
    (left, right) => left + right,
  ),
  '_-_': arithmetic(
    (left, right) => left - right,
    (left, right) => left - right,
  ),
  '_*_': arithmetic(
    (left, right) => left * right,
    (left, right) => left * right,
  ),
  '_/_': arithmetic(divide, (left, right) => left / right),
  '_%_': arithmetic(modulo),
  '-_': [
    overload('(int) -> int', (value: bigint) => checkedInt(-value)),
    overload('(double) -> double', (value: number) => -value),
  ],
};
