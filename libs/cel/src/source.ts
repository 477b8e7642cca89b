/** A problem at a place of an expression; offsets count UTF-16 units. */
export interface Problem {
  readonly offset: number;
  readonly message: string;
}

const codePoints = (text: string): number => Array.from(text).length;

interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function placeOf(source: string, offset: number): Place {
  const before = source.slice(0, offset).split('\n');
  const line = before.length;
  return { line, column: codePoints(before[line - 1] ?? ''), text: source.split('\n')[line - 1] ?? '' };
}

/** Longer lines are not shown. */
const longestSnippet = 16_384;

function render(source: string, { offset, message }: Problem): string {
  if (source === '') return `ERROR: <input>:1:0: ${message}`;
  const { line, column, text } = placeOf(source, offset);
  const place = `ERROR: <input>:${line}:${column + 1}: ${message}`;
  if (text.length > longestSnippet) return place;
  const pointer = pointerTo(Array.from(text), column);
  return `${place}\n | ${text.replaceAll('\t', ' ')}\n | ${pointer}`;
}

/** Points below a character; below what is more than one byte stand signs that are as wide. */
function pointerTo(letters: readonly string[], column: number): string {
  const isWide = (letter = ''): boolean => Buffer.byteLength(letter) > 1;
  const dots = letters.slice(0, column).map((letter) => (isWide(letter) ? '．' : '.'));
  return `${dots.join('')}${isWide(letters[column]) ? '＾' : '^'}`;
}

const mostProblems = 100;

/** The problems in the order of their places, in the form in which upstream shows them. */
export function renderProblems(source: string, problems: readonly Problem[]): string {
  const sorted = problems.toSorted((a, b) => a.offset - b.offset);
  const shown = sorted.slice(0, mostProblems).map((problem) => render(source, problem));
  const more = sorted.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more errors were truncated`] : [])].join('\n');
}

/** Stops a parser at a syntax error it cannot go on from. */
export class SyntaxProblem extends Error {
  readonly problem: Problem;

  constructor(offset: number, message: string) {
    super(message);
    this.problem = { offset, message };
  }
}
