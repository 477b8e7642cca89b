import type { Meter } from '../evaluate/meter';
import { formatDuration, formatTimestamp } from '../values/time';
import {
  type CelMap,
  Duration,
  Failure,
  isList,
  isMap,
  type List,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
  type Value,
} from '../values/value';
import { formatDouble } from './conversions';

/** Thrown within this file only: what is wrong with a clause. */
class FormatProblem extends Error {}

const wrong = (text: string, value: Value): never => {
  throw new FormatProblem(`error during formatting: ${text}, was given ${typeNameOf(value)}`);
};

const escaped = (text: string): string => JSON.stringify(text.toWellFormed());

/** A value inside a list or map: texts are quoted, times are literals of CEL. */
function nested(value: Value, meter: Meter): string {
  if (typeof value === 'string') {
    meter.work(value.length >> 3);
    return escaped(value);
  }
  if (value instanceof Uint8Array) return `b${escaped(new TextDecoder().decode(value))}`;
  if (value instanceof Timestamp) return `timestamp(${escaped(formatTimestamp(value))})`;
  if (value instanceof Duration) return `duration(${escaped(formatDuration(value))})`;
  if (typeof value === 'number') return Number.isFinite(value) ? value.toFixed(6) : escaped(formatDouble(value));
  return text(value, meter);
}

function listText(list: List, meter: Meter): string {
  meter.work(list.size);
  const parts = Array.from({ length: list.size }, (_, index) => nested(list.at(index) ?? null, meter));
  return `[${parts.join(', ')}]`;
}

function mapText(map: CelMap, meter: Meter): string {
  meter.work(map.size);
  const entries = map.keys().map((key) => [nested(key, meter), nested(map.get(key) ?? null, meter)] as const);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}

/** `%s`. */
function text(value: Value, meter: Meter): string {
  if (typeof value === 'number') return formatDouble(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return value.name;
  if (isList(value)) return listText(value, meter);
  if (isMap(value)) return mapText(value, meter);
  const kinds = 'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';
  return wrong(`string clause can only be used on ${kinds}`, value);
}

const integer = (value: Value): bigint | undefined =>
  typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;

function real(value: Value, clause: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return wrong(`${clause} clause can only be used on doubles`, value);
}

const special = (value: number): string | undefined =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? undefined : value > 0 ? '∞' : '-∞';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function scientific(value: number, precision: number): string {
  const [digits = '', exponent = '0'] = value.toExponential(precision).split('e');
  const power = String(Math.abs(Number(exponent))).padStart(2, '0');
  const raised = Array.from(power, (digit) => superscripts[Number(digit)] ?? '').join('');
  return `${digits}\u202f×\u202f10${exponent.startsWith('-') ? '⁻' : ''}${raised}`;
}

const hexBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function hexadecimal(value: Value): string {
  if (typeof value === 'string') return hexBytes(new TextEncoder().encode(value));
  if (value instanceof Uint8Array) return hexBytes(value);
  const whole = integer(value);
  return whole?.toString(16) ?? wrong('only integers, byte buffers, and strings can be formatted as hex', value);
}

type Clause = (value: Value, precision: number, meter: Meter) => string;

const clauses: Readonly<Record<string, Clause>> = {
  s: (value, _, meter) => text(value, meter),
  d: (value) => integer(value)?.toString() ?? wrong('decimal clause can only be used on integers', value),
  f: (value, precision) => {
    const number = real(value, 'fixed-point');
    const digits = { minimumFractionDigits: precision, maximumFractionDigits: precision };
    return special(number) ?? number.toLocaleString('en-US', digits);
  },
  e: (value, precision) => {
    const number = real(value, 'scientific');
    return special(number) ?? scientific(number, precision);
  },
  b: (value) =>
    typeof value === 'boolean'
      ? String(+value)
      : (integer(value)?.toString(2) ?? wrong('only integers and bools can be formatted as binary', value)),
  o: (value) => integer(value)?.toString(8) ?? wrong('octal clause can only be used on integers', value),
  x: hexadecimal,
  X: (value) => hexadecimal(value).toUpperCase(),
};

const defaultPrecision = 6;
const mostPrecision = 100;

function clauseText(match: RegExpMatchArray, value: Value, meter: Meter): string {
  const [, precision, verb = ''] = match;
  const clause = Object.hasOwn(clauses, verb) ? clauses[verb] : undefined;
  if (!clause) throw new FormatProblem(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  const digits = precision === undefined ? defaultPrecision : Number(precision);
  if (digits > mostPrecision) throw new FormatProblem('could not parse formatting clause: precision too large');
  return clause(value, digits, meter);
}

function formatted(template: string, args: List, meter: Meter): string {
  let next = 0;
  let length = template.length;
  const result = template.replaceAll(/%(?:%|(?:\.(\d+))?(.?))/gsu, (...match) => {
    if (match[0] === '%%') return '%';
    const value = args.at(next);
    if (value === undefined) throw new FormatProblem(`index ${next} out of range`);
    next++;
    const part = clauseText(match.slice(0, 3) as unknown as RegExpMatchArray, value, meter);
    length += part.length;
    meter.text(length);
    return part;
  });
  if (next < args.size)
    throw new FormatProblem(`too many arguments supplied to string.format (expected ${next}, got ${args.size})`);
  return result;
}

/** `text.format([…])` with the clauses %s %d %f %e %b %o %x %X. */
export function format(meter: Meter, template: string, args: List): Value {
  try {
    return formatted(template, args, meter);
  } catch (error) {
    if (error instanceof FormatProblem) return new Failure(error.message);
    throw error;
  }
}
