import type { Random } from './random';

type Fields = Record<string, unknown>;

const deep = (depth: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
};

/** Values that are seldom expected where they are found. */
const oddities: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => '',
  () => 0,
  () => -1,
  () => 1.5,
  () => 2 ** 53,
  () => -(2 ** 63),
  () => true,
  () => [],
  () => ({}),
  () => [null],
  () => [[]],
  () => [{}],
  () => ({ a: null }),
  () => 'Bad_Value!',
  () => 'x'.repeat(300),
  () => '\u0000',
  () => '150%',
  () => '1e999',
  () => '-5Gi',
  () => '2026-13-01T00:00:00Z',
  () => '10.0.0.0/33',
  () => '::ffff:1.2.3.4',
  (random) => deep(random.below(60)),
  () => JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
  () => JSON.parse('{"constructor":{"prototype":{"polluted":true}}}') as unknown,
];
const keys = ['__proto__', 'constructor', 'toString', '', '$patch', '$retainKeys', 'a b', 'length', '0', '-1', 'f:a'];

/** A copy of one of the seeds in which a few things are not what they were. */
export function mutateJson<T>(random: Random, seeds: readonly T[]): unknown {
  const holder: Fields = { root: structuredClone(random.pick(seeds)) };
  for (let left = 1 + random.below(3); left > 0; left--) changeOne(random, holder);
  return holder['root'];
}

/** Walks down by chance and changes what it comes to stand at. */
function changeOne(random: Random, holder: Fields): void {
  let [at, key]: readonly [Fields, string] = [holder, 'root'];
  for (let next = at[key]; isNode(next) && !random.oneIn(7); next = at[key]) {
    const names = Object.keys(next);
    if (names.length === 0) break;
    [at, key] = [next, random.pick(names)];
  }
  alter(random, at, key);
}

const isNode = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function alter(random: Random, at: Fields, key: string): void {
  const value = at[key];
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(at)) at.splice(Number(key), 1);
      else if (key !== 'root') Reflect.deleteProperty(at, key);
      return;
    case 1:
      if (Array.isArray(at)) at.push(structuredClone(value));
      else define(at, random.pick(keys), structuredClone(value));
      return;
    case 2:
      at[key] = [value];
      return;
    default:
      at[key] = random.pick(oddities)(random);
  }
}

/** As JSON.parse would: an own member, whatever its name. */
const define = (at: Fields, key: string, value: unknown): void => {
  Object.defineProperty(at, key, { value, configurable: true, enumerable: true, writable: true });
};
