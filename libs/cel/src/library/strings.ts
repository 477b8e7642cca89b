import { affix, contains, join, listTraversal, quoting, replacement, traversal } from '../cost/rules';
import type { Meter } from '../evaluate/meter';
import { ArrayList } from '../values/collections';
import { Failure, type List, type Value } from '../values/value';
import { type Library, metered, overload } from './declare';
import { format } from './string-format';

const outOfRange = (index: bigint): Failure => new Failure(`index out of range: ${index}`);

const characters = (text: string): string[] => Array.from(text);
const count = (text: string): number => characters(text).length;

function charAt(text: string, index: bigint): Value {
  const all = characters(text);
  return index < 0n || index > all.length ? outOfRange(index) : (all[Number(index)] ?? '');
}

/** Where a part is, in characters: UTF-16 offsets are counted out. */
function position(text: string, at: number): bigint {
  return at < 0 ? -1n : BigInt(count(text.slice(0, at)));
}

function indexOf(text: string, part: string, from = 0n): Value {
  if (part === '') return from;
  const all = characters(text);
  if (from < 0n || from > all.length) return outOfRange(from);
  const skipped = all.slice(0, Number(from)).join('').length;
  return position(text, text.indexOf(part, skipped));
}

function lastIndexOf(text: string, part: string, from?: bigint): Value {
  const all = characters(text);
  if (from !== undefined && (from < 0n || from > all.length)) return outOfRange(from);
  if (part === '') return from ?? BigInt(all.length);
  const latest = from === undefined ? text.length : all.slice(0, Number(from)).join('').length;
  return position(text, text.lastIndexOf(part, latest));
}

function substring(text: string, start: bigint, end?: bigint): Value {
  const all = characters(text);
  const until = end ?? BigInt(all.length);
  if (start < 0n || start > all.length) return outOfRange(start);
  if (until < 0n || until > all.length) return outOfRange(until);
  if (start > until) return new Failure(`invalid substring range. start: ${start}, end: ${until}`);
  return all.slice(Number(start), Number(until)).join('');
}

type Replacement = readonly [part: string, by: string, limit?: bigint];

function replace(meter: Meter, text: string, ...[part, by, limit = -1n]: Replacement): Value {
  if (limit === 0n) return text;
  const most = limit < 0n ? Infinity : Number(limit);
  const pieces = part === '' ? ['', ...characters(text), ''] : text.split(part);
  meter.text(text.length + Math.min(pieces.length, most) * by.length);
  const separators = Math.min(pieces.length - 1, most);
  const head = pieces.slice(0, separators + 1).join(by);
  return [head, ...pieces.slice(separators + 1)].join(part);
}

function split(meter: Meter, text: string, separator: string, limit = -1n): Value {
  if (limit === 0n) return new ArrayList([]);
  const pieces = separator === '' ? characters(text) : text.split(separator);
  meter.work(pieces.length);
  if (limit < 0n || pieces.length <= limit) return new ArrayList(pieces);
  const most = Number(limit) - 1;
  return new ArrayList([...pieces.slice(0, most), pieces.slice(most).join(separator)]);
}

function joinTexts(meter: Meter, list: List, separator = ''): Value {
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; index < list.size; index++) {
    const part = list.at(index);
    if (typeof part !== 'string') return part instanceof Failure ? part : new Failure('no such overload');
    length += part.length + separator.length;
    meter.text(length);
    parts.push(part);
  }
  return parts.join(separator);
}

const ascii = (pattern: RegExp, change: (letter: string) => string) => (text: string) =>
  text.replaceAll(pattern, change);

const quotes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** A text as a literal of CEL. */
export const quote = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is quoted
  `"${text.toWellFormed().replaceAll(/[\x07\b\f\n\r\t\v\\"]/g, (character) => quotes[character] ?? character)}"`;

/** What Go calls white space, trimmed from both ends. */
const blank = /^[\s\u0085]+|[\s\u0085]+$/g;

export const strings: Library = {
  contains: [overload('string.(string) -> bool', (text: string, part: string) => text.includes(part), contains)],
  startsWith: [overload('string.(string) -> bool', (text: string, part: string) => text.startsWith(part), affix)],
  endsWith: [overload('string.(string) -> bool', (text: string, part: string) => text.endsWith(part), affix)],
  charAt: [overload('string.(int) -> string', charAt)],
  indexOf: [
    overload('string.(string) -> int', (text: string, part: string) => indexOf(text, part), listTraversal),
    overload('string.(string, int) -> int', indexOf, listTraversal),
  ],
  lastIndexOf: [
    overload('string.(string) -> int', (text: string, part: string) => lastIndexOf(text, part), listTraversal),
    overload('string.(string, int) -> int', lastIndexOf, listTraversal),
  ],
  lowerAscii: [
    overload(
      'string.() -> string',
      ascii(/[A-Z]+/g, (a) => a.toLowerCase()),
      traversal(1, 'same'),
    ),
  ],
  upperAscii: [
    overload(
      'string.() -> string',
      ascii(/[a-z]+/g, (a) => a.toUpperCase()),
      traversal(1, 'same'),
    ),
  ],
  replace: [
    metered('string.(string, string) -> string', replace, replacement),
    metered('string.(string, string, int) -> string', replace, replacement),
  ],
  split: [
    metered('string.(string) -> list(string)', split, traversal(2, 'elements')),
    metered('string.(string, int) -> list(string)', split, traversal(2, 'elements')),
  ],
  substring: [
    overload('string.(int) -> string', (text: string, start: bigint) => substring(text, start), traversal(1, 'same')),
    overload('string.(int, int) -> string', substring, traversal(1, 'same')),
  ],
  trim: [overload('string.() -> string', (text: string) => text.replaceAll(blank, ''), traversal(1, 'same'))],
  join: [
    metered('list(string).() -> string', joinTexts, join),
    metered('list(string).(string) -> string', joinTexts, join),
  ],
  format: [metered('string.(list(dyn)) -> string', format, traversal(1))],
  'strings.quote': [overload('(string) -> string', quote, quoting)],
  // Texts are escaped for JSON pointers; the environment of mutations alone declares it.
  'jsonpatch.escapeKey': [
    overload('(string) -> string', (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'), traversal(1)),
  ],
};
