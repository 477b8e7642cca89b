import { comparison, equality, nominal } from '../cost/rules';
import { compareBytes, compareNumbers, compareText, equals } from '../values/equality';
import { type Duration, Failure, type Timestamp, type Uint, type Value } from '../values/value';
import { type Library, metered, type Overload, overload } from './declare';

type Verdict = (order: number) => boolean;
type Number = bigint | number | Uint;

const kinds = ['int', 'uint', 'double'];

/** All pairs of kinds of numbers; what has no order (NaN) is neither less nor greater. */
function numeric(verdict: Verdict): readonly Overload[] {
  return kinds.flatMap((left) =>
    kinds.map((right) =>
      overload(`(${left}, ${right}) -> bool`, (a: Number, b: Number) => {
        const order = compareNumbers(a, b);
        return order !== undefined && verdict(order);
      }),
    ),
  );
}

const instants = (a: Timestamp | Duration, b: Timestamp | Duration): number =>
  a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;

function ordering(verdict: Verdict): readonly Overload[] {
  return [
    overload('(bool, bool) -> bool', (a: boolean, b: boolean) => verdict(+a - +b)),
    ...numeric(verdict),
    overload('(string, string) -> bool', (a: string, b: string) => verdict(compareText(a, b)), comparison),
    overload('(bytes, bytes) -> bool', (a: Uint8Array, b: Uint8Array) => verdict(compareBytes(a, b)), comparison),
    overload('(timestamp, timestamp) -> bool', (a: Timestamp, b: Timestamp) => verdict(instants(a, b)), nominal),
    overload('(duration, duration) -> bool', (a: Duration, b: Duration) => verdict(instants(a, b)), nominal),
  ];
}

export const comparisons: Library = {
  '_<_': ordering((order) => order < 0),
  '_<=_': ordering((order) => order <= 0),
  '_>_': ordering((order) => order > 0),
  '_>=_': ordering((order) => order >= 0),
  '_==_': [metered('(A, A) -> bool', (meter, left: Value, right: Value) => equals(left, right, meter), equality)],
  '_!=_': [
    metered(
      '(A, A) -> bool',
      (meter, left: Value, right: Value) => {
        const equal = equals(left, right, meter);
        return equal instanceof Failure ? equal : equal !== true;
      },
      comparison,
    ),
  ],
};
