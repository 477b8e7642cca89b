import { remembered } from '@kubephant/base';

/** Path elements in the form FieldsV1 writes them: `f:name`, `k:{"name":"c1"}`, `v:"x"`, `i:0`. */
export const fieldElement = remembered((name: string): string => `f:${name}`);

export const valueElement = (value: unknown): string => `v:${JSON.stringify(value)}`;

const quotedText = remembered((text: string): string => JSON.stringify(text));
const quoted = (value: unknown): string => (typeof value === 'string' ? quotedText(value) : JSON.stringify(value));

/** Keys are written in the order of their names. */
export function keyElement(keys: readonly (readonly [string, unknown])[]): string {
  const pairs = keys.map(([name, value]) => `${quoted(name)}:${quoted(value)}`);
  return `k:{${pairs.join(',')}}`;
}

const kinds = 'fkvi';

type Pairs = [string, unknown][];

const pairsOf = (element: string): Pairs =>
  Object.entries(JSON.parse(element.slice(2)) as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return rank(a) - rank(b);
  const [left, right] = typeof a === 'string' ? [a, b as string] : [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const rank = (value: unknown): number => ['number', 'string', 'boolean', 'object'].indexOf(typeof value);

function comparePairs(a: Pairs, b: Pairs): number {
  for (const [index, [name, value]] of a.entries()) {
    const other = b[index];
    if (!other) return 1;
    const order = compareValues(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

type Sortable = readonly [element: string, value: unknown];

/** What an element that is no field is ordered by: the elements of all objects are few, and each is JSON to be read. */
const sortable = remembered((element: string): Sortable => [
  element,
  element.startsWith('k:') ? pairsOf(element) : JSON.parse(element.slice(2)),
]);

function compareSortables([a, left]: Sortable, [b, right]: Sortable): number {
  const kind = kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  if (kind !== 0) return kind;
  return a.startsWith('k:') ? comparePairs(left as Pairs, right as Pairs) : compareValues(left, right);
}

const isField = (element: string): boolean => element.startsWith('f:');
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareElements(a: string, b: string): number {
  if (isField(a) || isField(b)) return isField(a) && isField(b) ? byText(a, b) : isField(a) ? -1 : 1;
  return compareSortables(sortable(a), sortable(b));
}

/** Elements in upstream's order: fields by name, then keys, values and indexes by what they say. The very array if they are. */
export function sortElements(elements: readonly string[]): readonly string[] {
  const compare = elements.every(isField) ? byText : compareElements;
  const isSorted = elements.every((element, i) => i === 0 || compare(elements[i - 1] ?? '', element) < 0);
  return isSorted ? elements : [...elements].sort(compare);
}

/** The path as upstream prints it: `.spec.containers[name="c1"].args`, `.metadata.finalizers[="x"]`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatElement).join('');
}

function formatElement(element: string): string {
  const text = element.slice(2);
  switch (element.charAt(0)) {
    case 'f':
      return `.${text}`;
    case 'k':
      return formatKey(pairsOf(element));
    case 'v':
      return `[=${text}]`;
    default:
      return `[${text}]`;
  }
}

const formatKey = (pairs: Pairs): string =>
  `[${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;

/** The element in canonical spelling, or undefined when it is none. */
export const readElement = (element: string): string | undefined =>
  element.startsWith('f:') ? element : canonical(element);

const canonical = remembered((element: string): string | undefined => {
  try {
    if (element.startsWith('k:')) return keyElement(pairsOf(element));
    if (element.startsWith('v:')) return valueElement(JSON.parse(element.slice(2)));
  } catch {
    return undefined; // no JSON, so no element
  }
  return /^i:\d{1,9}$/.test(element) ? element : undefined;
});
