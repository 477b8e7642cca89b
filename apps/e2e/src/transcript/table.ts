/** Aligned columns with a header, as kubectl prints them. */
interface Table {
  readonly indent: string;
  readonly gap: number;
  readonly rows: readonly (readonly string[])[];
}

const ages = /^(AGE|LAST SEEN|FIRST SEEN|LAST SCHEDULE|DURATION|Age)$/;
const getHeader = /^[A-Z][A-Z0-9()%/:-]*( [A-Z0-9()%/:-]+)*( {3,}[A-Z][A-Z0-9()%/:-]*( [A-Z0-9()%/:-]+)*)+ *$/;
const eventsHeader = /^ +Type +Reason +Age +From +Message$/;

const startsOf = (header: string): readonly number[] =>
  [...header.matchAll(/(?<=^ *|\S {2,})\S/g)].map((match) => match.index);

const cellsOf = (line: string, starts: readonly number[]): readonly string[] =>
  starts.map((start, i) => line.slice(start, starts[i + 1]).trimEnd());

function render({ indent, gap, rows }: Table): readonly string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)) + gap) ?? [];
  return rows.map((row) => `${indent}${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('')}`.trimEnd());
}

function scrubTable(lines: readonly string[], scrubCell: (cell: string) => string, gap: number): readonly string[] {
  const [header = ''] = lines;
  const starts = startsOf(header);
  const titles = cellsOf(header, starts);
  const rows = lines.slice(1).map((line) =>
    cellsOf(line, starts).map((cell, i) => {
      const scrubbed = ages.test(titles[i] ?? '') ? cell.replace(/^(\d+[ydhms])+( \(x\d+ over .+\))?$/, '<age>') : cell;
      return scrubCell(scrubbed);
    }),
  );
  return render({ indent: ' '.repeat(starts[0] ?? 0), gap, rows: [titles, ...rows] });
}

/**
 * Replaces what differs from run to run in the cells of every table in `text`, and aligns the columns anew: ages by
 * their columns' titles, the rest by `scrubCell`, which the lines outside of tables get, too.
 */
export function scrubTables(text: string, scrubCell: (cell: string) => string): string {
  const out: string[] = [];
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines[0] ?? '';
    if (getHeader.test(line) || eventsHeader.test(line)) {
      const end = lines.findIndex((other) => other.trim() === '');
      const table = lines.splice(0, end === -1 ? lines.length : end);
      out.push(...scrubTable(table, scrubCell, line.startsWith(' ') ? 2 : 3));
    } else {
      out.push(scrubCell(line));
      lines.shift();
    }
  }
  return out.map((line) => line.trimEnd()).join('\n');
}
