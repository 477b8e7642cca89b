/** One step into a value: the values it leads to. */
type Step = (value: unknown) => readonly unknown[];

/** A path of client-go's JSONPath into one object, without the braces. */
export interface JsonPath {
  /** Whether it looks everywhere. */
  readonly isDeep: boolean;
  /** Every value the path leads to; none where something is not there. */
  find(value: unknown): readonly unknown[];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const member =
  (name: string): Step =>
  (value) =>
    isMap(value) && Object.hasOwn(value, name) ? [value[name]] : [];

const every: Step = (value): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : isMap(value) ? Object.values(value) : [];

/** The value itself and everything below it, in the order of their texts: values may be deeper than the stack. */
const deep: Step = (value) => {
  const found: unknown[] = [];
  for (const waiting = [value]; waiting.length > 0;) {
    const next = waiting.pop();
    found.push(next);
    for (const below of every(next).toReversed()) waiting.push(below);
  }
  return found;
};

/** `[2]`, `[-1]`, `[1:3]`, `[::2]`. */
function slice(text: string): Step {
  const [first = '', last, by] = text.split(':');
  const start = Number(first);
  const afterOne = start === -1 ? undefined : start + 1;
  const end = last === undefined ? afterOne : last === '' ? undefined : Number(last);
  const step = by ? Math.max(1, Number(by)) : 1;
  return (value) => {
    if (!Array.isArray(value)) return [];
    const part = (value as readonly unknown[]).slice(start, end);
    return part.filter((_, position) => position % step === 0);
  };
}

type Compare = (a: unknown, b: unknown) => boolean;
const ordered =
  (compare: (a: string | number, b: string | number) => boolean): Compare =>
  (a, b) =>
    typeof a === typeof b && (typeof a === 'number' || typeof a === 'string') && compare(a, b as string | number);

const operators: Readonly<Record<string, Compare>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': ordered((a, b) => a <= b),
  '>=': ordered((a, b) => a >= b),
  '<': ordered((a, b) => a < b),
  '>': ordered((a, b) => a > b),
};

const filterForm = /^@(.*?)(?:\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|true|false))?\s*$/;

function literal(text: string): unknown {
  if (/^["']/.test(text)) return text.slice(1, -1);
  return text === 'true' || text === 'false' ? text === 'true' : Number(text);
}

/** `?(@.type=="Ready")`: the items of which that holds. */
function filter(text: string): Omit<Read, 'length'> | undefined {
  const [, below = '', operator, right] = filterForm.exec(text) ?? [];
  const path = parseJsonPath(below);
  if (!path || !filterForm.test(text)) return undefined;
  const compare = operators[operator ?? ''];
  const wanted = right === undefined ? undefined : literal(right);
  const holds = (item: unknown): boolean => {
    const found = path.find(item);
    return compare ? found.some((value) => compare(value, wanted)) : found.length > 0;
  };
  return { step: (value) => every(value).filter(holds), isDeep: path.isDeep };
}

const bracketForm =
  /^\[(?:(\*)|(-?\d+(?::-?\d*(?::\d+)?)?|:-?\d+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\?\(((?:[^)"']|"[^"]*"|'[^']*')*)\))\]/;
const dotForm = /^\.((?:[^.[\]\\{}()\s"'*]|\\.)+)/;

interface Read {
  readonly step: Step;
  readonly length: number;
  readonly isDeep?: boolean;
}

function readStep(text: string): Read | undefined {
  if (text.startsWith('..')) {
    return { step: deep, length: text.charAt(2) === '[' || text.charAt(2) === '*' ? 2 : 1, isDeep: true };
  }
  if (text.startsWith('.*')) return { step: every, length: 2 };
  const dot = dotForm.exec(text);
  if (dot) return { step: member((dot[1] ?? '').replace(/\\(.)/g, '$1')), length: dot[0].length };
  return readBracket(text.startsWith('.[') ? text.slice(1) : text, text.startsWith('.[') ? 1 : 0);
}

function readBracket(text: string, skipped: number): Read | undefined {
  const found = bracketForm.exec(text);
  if (!found) return undefined;
  const [whole, star, range, single, double, condition] = found;
  const name = single ?? double;
  const read = star
    ? { step: every }
    : range !== undefined
      ? { step: slice(range) }
      : name !== undefined
        ? { step: member(name.replace(/\\(.)/g, '$1')) }
        : filter(condition ?? '');
  return read && { ...read, length: whole.length + skipped };
}

/**
 * Undefined for what is no path. Nothing is repeated and `..` may stand once, filters included, so that finding takes
 * time linear in the value and the path.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let isDeep = false;
  for (let rest = text; rest !== '';) {
    const read = readStep(rest);
    if (!read || (read.isDeep && isDeep)) return undefined;
    isDeep ||= read.isDeep ?? false;
    steps.push(read.step);
    rest = rest.slice(read.length);
  }
  return { isDeep, find: (value) => steps.reduce<readonly unknown[]>((found, step) => found.flatMap(step), [value]) };
}
