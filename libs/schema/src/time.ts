/** What the parts of a time look like, in order, with the names upstream's error messages give them. */
const parts: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01'],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d?/, '15'],
  [/^:/, ':'],
  [/^\d\d/, '04'],
  [/^:/, ':'],
  [/^\d\d/, '05'],
];
const zone: readonly [RegExp, string] = [/^(Z|[+-]\d\d:\d\d)/, 'Z07:00'];
const exactly6: readonly [RegExp, string] = [/^[.,]\d{6}/, '.000000'];
const anyFraction = /^[.,]\d+/;

const layouts = { time: '2006-01-02T15:04:05Z07:00', microTime: '2006-01-02T15:04:05.000000Z07:00' };

const canonical = { time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, microTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/ };

/**
 * A time as the API stores it: RFC 3339 in UTC, in whole seconds or (`microTime`) with six digits of fraction.
 * Throws an Error with upstream's message when the text is no such time.
 */
export function canonicalTime(text: string, kind: 'time' | 'microTime'): string {
  if (canonical[kind].test(text) && isCalendarTime(text)) return text;
  const fields = readParts(text, kind);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.numbers;
  checkRanges(text, fields.numbers);
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - fields.offsetMinutes, second);
  const seconds = utc.toISOString().slice(0, 19);
  return kind === 'time' ? `${seconds}Z` : `${seconds}.${fields.fraction}Z`;
}

/** Cheap and sure for the first 28 days of a month; the rest is left to the careful reading. */
function isCalendarTime(text: string): boolean {
  const two = (at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
  const [month, day] = [two(5), two(8)];
  return month >= 1 && month <= 12 && day >= 1 && day <= 28 && two(11) < 24 && two(14) < 60 && two(17) < 60;
}

interface Parts {
  readonly numbers: readonly number[];
  readonly fraction: string;
  readonly offsetMinutes: number;
}

/** As Go quotes in errors about times: whatever is not plain ASCII by its bytes. */
function quoted(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => {
    if (byte < 0x20 || byte >= 0x80) return `\\x${byte.toString(16).padStart(2, '0')}`;
    const char = String.fromCharCode(byte);
    return char === '"' || char === '\\' ? `\\${char}` : char;
  });
  return `"${bytes.join('')}"`;
}

function readParts(text: string, kind: 'time' | 'microTime'): Parts {
  let rest = text;
  const take = ([pattern, name]: readonly [RegExp, string]): string => {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) {
      const layout = layouts[kind];
      throw new Error(`parsing time ${quoted(text)} as "${layout}": cannot parse ${quoted(rest)} as "${name}"`);
    }
    rest = rest.slice(found.length);
    return found;
  };
  const numbers = parts.map(take).flatMap((found) => (/\d/.test(found) ? [Number(found)] : []));
  const fraction = kind === 'microTime' ? take(exactly6) : (anyFraction.exec(rest)?.[0] ?? '');
  if (kind === 'time') rest = rest.slice(fraction.length);
  const offset = take(zone);
  if (rest) throw new Error(`parsing time ${quoted(text)}: extra text: ${quoted(rest)}`);
  return { numbers, fraction: fraction.slice(1), offsetMinutes: minutesOf(offset) };
}

function minutesOf(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return offset.startsWith('-') ? -minutes : minutes;
}

function checkRanges(text: string, [year = 0, month = 0, day = 0, ...clock]: readonly number[]): void {
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const [hour = 0, minute = 0, second = 0] = clock;
  const ranges: readonly (readonly [string, number, number, number])[] = [
    ['month', month, 1, 12],
    ['hour', hour, 0, 23],
    ['minute', minute, 0, 59],
    ['second', second, 0, 59],
    ['day', day, 1, days],
  ];
  const wrong = ranges.find(([, value, least, most]) => value < least || value > most);
  if (wrong) throw new Error(`parsing time ${quoted(text)}: ${wrong[0]} out of range`);
}
