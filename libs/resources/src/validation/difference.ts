/** Lines of context around a change. */
const context = 3;
/** From so many lines on, a line that makes up more than one in a hundred of them joins nothing. */
const crowd = 200;

/** A run of lines that both texts have: where it starts in each, and how long it is. */
interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** A part of both texts, as ranges; `same` when the lines are. */
interface Step {
  readonly same: boolean;
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

/** Where each line of the text stands, without those that stand everywhere. */
function positions(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  lines.forEach((line, index) => found.set(line, [...(found.get(line) ?? []), index]));
  const most = lines.length >= crowd ? Math.floor(lines.length / 100) + 1 : Infinity;
  return new Map([...found].filter(([, where]) => where.length <= most));
}

/** Both texts with the part of them that is looked at. */
interface Texts {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
}

type Window = readonly [aLow: number, aHigh: number, bLow: number, bHigh: number];

/** The longest run of lines in common, the first of several. */
function longest({ a, b, places }: Texts, [aLow, aHigh, bLow, bHigh]: Window): Match {
  let best: Match = { a: aLow, b: bLow, size: 0 };
  let ending = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of (places.get(a[i] ?? '') ?? []).filter((place) => place >= bLow && place < bHigh)) {
      const size = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    ending = next;
  }
  return grown(best, { a, b }, [aLow, aHigh, bLow, bHigh]);
}

/** The run with the crowded lines around it that are the same too. */
function grown(run: Match, { a, b }: Pick<Texts, 'a' | 'b'>, [aLow, aHigh, bLow, bHigh]: Window): Match {
  let { a: i, b: j, size } = run;
  for (; i > aLow && j > bLow && a[i - 1] === b[j - 1]; size++) {
    i--;
    j--;
  }
  while (i + size < aHigh && j + size < bHigh && a[i + size] === b[j + size]) size++;
  return { a: i, b: j, size };
}

function matches(texts: Texts, window: Window): readonly Match[] {
  const run = longest(texts, window);
  if (run.size === 0) return [];
  const [aLow, aHigh, bLow, bHigh] = window;
  return [
    ...matches(texts, [aLow, run.a, bLow, run.b]),
    run,
    ...matches(texts, [run.a + run.size, aHigh, run.b + run.size, bHigh]),
  ];
}

/** What of one text is the other's, and what is not, in order. */
function stepsBetween(a: readonly string[], b: readonly string[]): readonly Step[] {
  const all = matches({ a, b, places: positions(b) }, [0, a.length, 0, b.length]);
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  for (const run of [...all, { a: a.length, b: b.length, size: 0 }]) {
    if (i < run.a || j < run.b) steps.push({ same: false, a: [i, run.a], b: [j, run.b] });
    [i, j] = [run.a + run.size, run.b + run.size];
    if (run.size > 0) steps.push({ same: true, a: [run.a, i], b: [run.b, j] });
  }
  return joined(steps);
}

/** Neighbouring runs that are the same are one. */
const joined = (steps: readonly Step[]): readonly Step[] =>
  steps.reduce<Step[]>((list, step) => {
    const last = list.at(-1);
    if (!last?.same || !step.same) return [...list, step];
    return [...list.slice(0, -1), { same: true, a: [last.a[0], step.a[1]], b: [last.b[0], step.b[1]] }];
  }, []);

/** The ends of a run, cut to what is shown of it. */
const head = ({ same, a, b }: Step): Step => ({
  same,
  a: [a[0], Math.min(a[1], a[0] + context)],
  b: [b[0], Math.min(b[1], b[0] + context)],
});
const tail = ({ same, a, b }: Step): Step => ({
  same,
  a: [Math.max(a[0], a[1] - context), a[1]],
  b: [Math.max(b[0], b[1] - context), b[1]],
});

/** Changes with their context, together as long as their contexts touch. */
function hunks(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [[]];
  steps.forEach((step, index) => {
    const group = groups.at(-1) ?? [];
    if (!step.same) group.push(step);
    else if (index === 0) group.push(tail(step));
    else if (index === steps.length - 1) group.push(head(step));
    else if (step.a[1] - step.a[0] <= 2 * context) group.push(step);
    else {
      group.push(head(step));
      groups.push([tail(step)]);
    }
  });
  return groups.filter((group) => group.some(({ same }) => !same));
}

function range(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return String(from + 1);
  return `${length === 0 ? from : from + 1},${length}`;
}

const rangeOf = (group: readonly Step[], side: 'a' | 'b'): string =>
  range(group[0]?.[side][0] ?? 0, group.at(-1)?.[side][1] ?? 0);

const linesOf = (
  { same, a: [aLow, aHigh], b: [bLow, bHigh] }: Step,
  texts: Pick<Texts, 'a' | 'b'>,
): readonly string[] =>
  same
    ? texts.a.slice(aLow, aHigh).map((line) => ` ${line}\n`)
    : [
        ...texts.a.slice(aLow, aHigh).map((line) => `-${line}\n`),
        ...texts.b.slice(bLow, bHigh).map((line) => `+${line}\n`),
      ];

/** What became of one value, as a unified diff of both as indented JSON; `absent` values are null. */
export function difference(before: unknown, now: unknown): string {
  const [a, b] = [before, now].map((value) => JSON.stringify(value, null, 1).split('\n')) as [string[], string[]];
  return hunks(stepsBetween(a, b))
    .map((group) => {
      const title = `@@ -${rangeOf(group, 'a')} +${rangeOf(group, 'b')} @@\n`;
      return title + group.flatMap((step) => linesOf(step, { a, b })).join('');
    })
    .join('');
}
