import type { Row, Target } from './figure';

/** What all runs of a scenario found. */
export interface Outcome {
  readonly name: string;
  readonly description: string;
  readonly rows: readonly Row[];
  /** Who was the limit in the last run, in words. */
  readonly limit?: string;
}

export const heading: string = line('figure', 'median', 'lowest … highest', 'aim');

/** The lines of one scenario: its figures as a table, then what was seen beside them. */
export function linesOf({ name, description, rows, limit }: Outcome): string[] {
  const seen = rows.filter((row) => row.beside && row.median !== 0);
  return [
    `${name}: ${description}`,
    ...rows.filter((row) => !row.beside).map(lineOf),
    ...wrapped(
      'beside: ',
      seen.map((row) => `${row.what} ${withUnit(row.median, row.unit)}`),
    ),
    ...(limit === undefined ? [] : [`  limit: ${limit}`]),
  ];
}

function lineOf({ what, unit, median, lowest, highest, target, met }: Row): string {
  const aim = target ? `${sign(target)} ${withUnit(bound(target), unit)} ${met ? 'ok' : 'MISSED'}` : '';
  return line(what, withUnit(median, unit), `${rounded(lowest)} … ${rounded(highest)}`, aim);
}

function line(what: string, median: string, range: string, aim: string): string {
  return `  ${what.padEnd(44)} ${median.padStart(16)}   ${range.padEnd(22)} ${aim}`.trimEnd();
}

const sign = (target: Target): string => ('atMost' in target ? '≤' : '≥');
const bound = (target: Target): number => ('atMost' in target ? target.atMost : target.atLeast);
const withUnit = (value: number, unit: string): string => `${rounded(value)}${unit && ` ${unit}`}`;

/** Three digits or all before the point. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const width = 118;

function wrapped(start: string, words: readonly string[]): string[] {
  if (words.length === 0) return [];
  const lines = [`  ${start}`];
  words.forEach((word, i) => {
    const text = i < words.length - 1 ? `${word}, ` : word;
    const last = lines.at(-1) ?? '';
    if (last.length + text.length > width) lines.push(`    ${text}`);
    else lines[lines.length - 1] = last + text;
  });
  return lines.map((text) => text.trimEnd());
}
