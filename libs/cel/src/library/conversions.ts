import { traversal } from '../cost/rules';
import {
  checkedInt,
  checkedTimestamp,
  formatDuration,
  formatTimestamp,
  parseDuration,
  parseTimestamp,
  unixSeconds,
} from '../values/time';
import {
  type Duration,
  Duration as DurationValue,
  Failure,
  type Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
  type Value,
} from '../values/value';
import { type Library, metered, type Overload, overload } from './declare';
import { checkedUint } from './numbers';

const failed = (from: string, to: string): Failure => new Failure(`type conversion error from '${from}' to '${to}'`);

/** Powers of ten from which on numbers are written with an exponent. */
const mostPlain = 6;

/** A floating-point number as Go's `%g` writes it with as few digits as needed. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= mostPlain)
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return plainDigits(digits, power);
}

/** The digits of `d.ddd` with the point moved. */
function plainDigits(mantissa: string, power: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  const padded = digits.padEnd(power + 1, '0');
  const fraction = padded.slice(power + 1);
  return `${sign}${padded.slice(0, power + 1)}${fraction === '' ? '' : `.${fraction}`}`;
}

const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): Value {
  try {
    return strictText.decode(bytes);
  } catch {
    return new Failure('invalid UTF-8 in bytes, cannot convert to string'); // all that decode throws
  }
}

/** Truncated towards zero; doubles beyond ±2^63 do not fit. */
function fromDouble(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}

const intOfText = (text: string): Value =>
  /^[+-]?\d{1,40}$/.test(text) && !(checkedInt(BigInt(text.replace('+', ''))) instanceof Failure)
    ? BigInt(text.replace('+', ''))
    : failed('string', 'int');

const uintOfText = (text: string): Value =>
  /^\d{1,40}$/.test(text) && BigInt(text) < 2n ** 64n ? new Uint(BigInt(text)) : failed('string', 'uint');

const doubleWords: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity };

function doubleOfText(text: string): Value {
  const [, sign, word = ''] = /^([+-]?)(nan|inf|infinity)$/.exec(text.toLowerCase()) ?? [];
  const special = doubleWords[word];
  if (special !== undefined) return sign === '-' ? -special : special;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : failed('string', 'double');
}

const booleans = new Map(
  [true, false].flatMap((value) =>
    (value ? '1 t T true TRUE True' : '0 f F false FALSE False').split(' ').map((text) => [text, value] as const),
  ),
);

const same = (type: string): Overload => overload(`(${type}) -> ${type}`, (value: Value) => value);

export const conversions: Library = {
  bool: [same('bool'), overload('(string) -> bool', (text: string) => booleans.get(text) ?? failed('string', 'bool'))],
  bytes: [same('bytes'), overload('(string) -> bytes', (text: string) => new TextEncoder().encode(text), traversal(1))],
  double: [
    same('double'),
    overload('(int) -> double', (value: bigint) => Number(value)),
    overload('(uint) -> double', (value: Uint) => Number(value.value)),
    overload('(string) -> double', doubleOfText),
  ],
  duration: [
    same('duration'),
    overload('(int) -> duration', (nanos: bigint) => new DurationValue(nanos)),
    overload(
      '(string) -> duration',
      (text: string) => parseDuration(text) ?? failed('string', 'google.protobuf.Duration'),
    ),
  ],
  dyn: [overload('(A) -> dyn', (value: Value) => value)],
  int: [
    same('int'),
    overload('(double) -> int', (value: number) => checkedInt(fromDouble(value) ?? 2n ** 63n)),
    overload('(duration) -> int', (value: Duration) => value.nanos),
    overload('(string) -> int', intOfText),
    overload('(timestamp) -> int', (value: Timestamp) => unixSeconds(value)),
    overload('(uint) -> int', (value: Uint) => checkedInt(value.value)),
  ],
  string: [
    same('string'),
    overload('(bool) -> string', (value: boolean) => String(value)),
    overload('(bytes) -> string', decodeText, traversal(1)),
    overload('(double) -> string', formatDouble),
    overload('(duration) -> string', formatDuration),
    overload('(int) -> string', (value: bigint) => String(value)),
    overload('(timestamp) -> string', formatTimestamp),
    overload('(uint) -> string', (value: Uint) => String(value.value)),
  ],
  timestamp: [
    same('timestamp'),
    overload('(int) -> timestamp', (seconds: bigint) => checkedTimestamp(seconds * 1_000_000_000n)),
    overload(
      '(string) -> timestamp',
      (text: string) => parseTimestamp(text) ?? failed('string', 'google.protobuf.Timestamp'),
    ),
  ],
  type: [overload('(A) -> type(A)', (value: Value) => new TypeValue(typeNameOf(value)))],
  uint: [
    same('uint'),
    overload('(double) -> uint', (value: number) => checkedUint(fromDouble(value) ?? -1n)),
    overload('(int) -> uint', checkedUint),
    overload('(string) -> uint', uintOfText),
  ],
  '@not_strictly_false': [metered('(bool) -> bool', (_, value: Value) => value !== false)],
};
