import { Duration, Failure, Timestamp } from './value';

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const int64 = 2n ** 63n;
const fitsInt64 = (value: bigint): boolean => value >= -int64 && value < int64;

/** An int, or upstream's failure when it does not fit into 64 bits. */
export const checkedInt = (value: bigint): bigint | Failure =>
  fitsInt64(value) ? value : new Failure('integer overflow');

function partNanos(whole: string, fraction: string, unit: string): bigint {
  const size = unitNanos[unit] ?? 0n;
  const digits = fraction.slice(0, 18);
  return (
    BigInt(whole === '' ? 0 : whole) * size + (BigInt(digits === '' ? 0 : digits) * size) / 10n ** BigInt(digits.length)
  );
}

/** Reads a duration in Go's form: `1h30m`, `-1.5s`, `0`; undefined when it is none. */
export function parseDuration(text: string): Duration | undefined {
  if (/^[+-]?0$/.test(text)) return new Duration(0n);
  if (text.length > 200 || !/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)];
  const total = parts.reduce(
    (sum, [, whole = '', fraction = '', unit = '']) => sum + partNanos(whole, fraction, unit),
    0n,
  );
  const nanos = text.startsWith('-') ? -total : total;
  return fitsInt64(nanos) ? new Duration(nanos) : undefined;
}

const wordUnits: Readonly<Record<string, bigint>> = {
  ...unitNanos,
  nano: 1n,
  micro: 1000n,
  milli: 1_000_000n,
  second: unitNanos.s ?? 0n,
  minute: unitNanos.m ?? 0n,
  hour: unitNanos.h ?? 0n,
  d: 86_400_000_000_000n,
  day: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  week: 604_800_000_000_000n,
};

/** Reads the values of fields with `format: duration`, which may also be `3 days`; undefined when it is none. */
export function parseSchemaDuration(text: string): Duration | undefined {
  const strict = parseDuration(text);
  if (strict || text.length > 200) return strict;
  const [, digits = '', word = ''] = /^(\d+)\s*([a-zµ]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const size = wordUnits[word] ?? wordUnits[word.replace(/s$/, '')];
  if (size === undefined || digits === '') return undefined;
  const nanos = BigInt(digits) * size;
  return fitsInt64(nanos) ? new Duration(nanos) : undefined;
}

/** A duration as `string()` writes it: seconds, `1.5s`. */
export function formatDuration({ nanos }: Duration): string {
  return `${decimal(nanos, 9)}s`;
}

/** A number of units of 10^-scale without trailing zeros. */
function decimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/** The time of 0001-01-01 and of the end of 9999: a timestamp lies between. */
const least = -62_135_596_800_000_000_000n;
const most = 253_402_300_799_999_999_999n;

export const timestampOutOfRange: Failure = new Failure('timestamp overflow');

/** A timestamp, or upstream's failure when it is out of range. */
export function checkedTimestamp(nanos: bigint): Timestamp | Failure {
  return nanos < least || nanos > most ? timestampOutOfRange : new Timestamp(nanos);
}

function zoneMinutes(zone: string): number {
  if (/^[zZ]$/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** Milliseconds since 1970 of a date, if there is such a day. */
function dayMillis(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

type Six = [number, number, number, number, number, number];
const numbersOf = (found: RegExpExecArray): Six => found.slice(1, 7).map(Number) as Six;

/** Reads RFC 3339; undefined when it is none or out of range. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const found = rfc3339.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = numbersOf(found);
  const start = dayMillis(year, month, day);
  if (start === undefined || Math.max(minute, second) > 59 || hour > 23) return undefined;
  const seconds = start / 1000 + hour * 3600 + (minute - zoneMinutes(found[8] ?? 'Z')) * 60 + second;
  const checked = checkedTimestamp(BigInt(seconds) * 1_000_000_000n + BigInt((found[7] ?? '').padEnd(9, '0')));
  return checked instanceof Timestamp ? checked : undefined;
}

/** Reads `2026-11-20`; undefined when there is no such day. */
export function parseDate(text: string): Timestamp | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  const millis = dayMillis(year, month, day);
  return millis === undefined ? undefined : new Timestamp(BigInt(millis) * 1_000_000n);
}

const secondsOf = (nanos: bigint): bigint =>
  (nanos - (((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;

/** Whole seconds since 1970, rounded down. */
export const unixSeconds = ({ nanos }: Timestamp): bigint => secondsOf(nanos);

/** A timestamp as `string()` writes it: RFC 3339 in UTC, with as many digits as it needs. */
export function formatTimestamp(time: Timestamp): string {
  const seconds = secondsOf(time.nanos);
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = (time.nanos - seconds * 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return `${text}${fraction === '' ? '' : `.${fraction}`}Z`;
}

export interface DateParts {
  readonly year: number;
  /** 0 is January. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 is the first of January. */
  readonly yearDay: number;
}

/** What to add to UTC in this zone at this time; undefined when there is no such zone. Takes `+02:00` and names. */
function zoneOffsetMillis(zone: string, millis: number): number | undefined {
  if (/^[+-]?\d\d:\d\d$/.test(zone)) return zoneMinutes(/^[+-]/.test(zone) ? zone : `+${zone}`) * 60_000;
  if (!/^[A-Za-z][\w+/-]*$/.test(zone)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(millis).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    const total = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -total : total;
  } catch {
    return undefined; // Intl says by a RangeError that it knows no such zone
  }
}

/** The calendar's view of a time in a zone (`UTC` unless given). A failure when there is no such zone. */
export function dateParts(time: Timestamp, zone = 'UTC'): DateParts | Failure {
  const millis = Number(secondsOf(time.nanos)) * 1000;
  const offset = zone === 'UTC' || zone === '' ? 0 : zoneOffsetMillis(zone, millis);
  if (offset === undefined) return new Failure(`unknown time zone ${zone}`);
  const date = new Date(millis + offset);
  const year = date.getUTCFullYear();
  const nanos = time.nanos - BigInt(millis) * 1_000_000n;
  return {
    year,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: Number(nanos / 1_000_000n),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - (dayMillis(year, 1, 1) ?? 0)) / 86_400_000),
  };
}
