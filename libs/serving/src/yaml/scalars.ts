import type { Style } from './styles';

/** Lines are broken at the first space beyond this column. */
const width = 80;

/** A text in a style, its further lines indented; `column` is where it begins. */
export interface Placed {
  readonly column: number;
  readonly indent: number;
  /** Whether it may have further lines: keys may not. */
  readonly folds: boolean;
}

export function writeText(text: string, style: Style, place: Placed): string {
  switch (style) {
    case 'plain':
      return folded(text, place);
    case 'single':
      return `'${folded(text.replaceAll("'", "''"), { ...place, column: place.column + 1 })}'`;
    case 'double':
      return `"${folded(escaped(text), { ...place, column: place.column + 1 })}"`;
    case 'literal':
      return literal(text, place.indent);
  }
}

/** A line break takes the place of one space, so the words beside it must have no other between them. */
function folded(text: string, { column, indent, folds }: Placed): string {
  if (!folds || column + text.length <= width) return text;
  const next = `\n${' '.repeat(indent)}`;
  const [first = '', ...words] = text.split(/(?<=[^ ]) (?=[^ ])/);
  let written = first;
  let at = column + lengthOf(first);
  for (const word of words) {
    const fits = at <= width;
    written += (fits ? ' ' : next) + word;
    at = (fits ? at + 1 : indent) + lengthOf(word);
  }
  return written;
}

const lengthOf = (text: string): number => Array.from(text).length;

const names: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

// eslint-disable-next-line no-control-regex -- these are what is escaped
const unprintable = /["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}|[^\u{0}-\u{ffff}]/gu;

const escaped = (text: string): string =>
  text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) return `\\U${hex(code, 8)}`;
    return names[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
  });

const hex = (code: number, digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');

/** Lines as they are. The head says how they are indented if the first begins with a space, and what ends the text. */
function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const margin = ' '.repeat(indent);
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
}
