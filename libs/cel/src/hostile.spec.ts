import { newEnvironment } from './environment';
import { perCallLimit } from './evaluate/meter';
import { compiled, told } from './testing';
import { listOf, scalar } from './types';
import { jsonValue } from './values/json';

const environment = newEnvironment({ variables: { object: scalar.dyn, names: listOf(scalar.string) } });
const big = { list: Array.from({ length: 20_000 }, (_, index) => `name-${index}`), text: 'a'.repeat(100_000) };
const object = jsonValue({ ...big, lists: Array.from({ length: 1000 }, () => big.list.slice(0, 1000)) });
const exceeded = 'operation cancelled: actual cost limit exceeded';

/** Expressions that would take minutes or all memory, were they not stopped. */
const endless: readonly string[] = [
  'object.list.all(a, object.list.all(b, object.list.all(c, true)))',
  'object.list.map(a, object.list.map(b, a + b)).size() > 0',
  'object.list.all(a, (object.lists + object.lists) != (object.lists + [[a]]))',
  'object.list.all(a, object.lists == object.lists)',
  'object.list.exists(a, object.text.matches("(a|aa)+$b"))',
  `["x"]${'.map(x, x + x)'.repeat(60)}.size() > 0`,
  `[[1]]${'.map(x, x + x)'.repeat(60)}.all(x, x.all(y, y == 1))`,
  `[[1]]${'.map(x, x + x)'.repeat(60)}[0].map(y, y).size() > 0`,
  `[["a"]]${'.map(x, x + x)'.repeat(60)}[0].join(",") == ""`,
  `[[1]]${'.map(x, x + x)'.repeat(60)}[0].sort() == []`,
  `[[1]]${'.map(x, x + x)'.repeat(60)}[0].slice(0, 1) == []`,
  'object.list.all(a, !object.text.substring(0, 1000).matches("(a?){1000}a{1000}b"))',
  'object.list.all(a, !a.matches("[^\\\\pL]" + object.text.substring(0, 9000)))',
  'lists.range(1000000000).size() > 0',
  'object.text.replace("", object.text).size() > 0',
  'object.text.split("").map(x, object.text).join("") == ""',
  '"%s".format([object.list.map(x, object.text)]) == ""',
  'object.list.sort() == [] || object.list.distinct() == []',
  'sets.equivalent(object.list, object.list) && sets.equivalent(object.list, object.list)',
  'object.list.transformMap(i, v, object.list.transformMap(j, w, w)).size() > 0',
];

it.each(endless.map((expression) => [expression.slice(0, 90), expression]))('stops %s', (_, expression) => {
  const evaluation = compiled(environment, expression).evaluate({ object, names: jsonValue(big.list) });
  expect(evaluation).toMatchObject({ error: exceeded, exceeded: true });
});

it('runs patterns in linear time', () => {
  const program = compiled(environment, '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")');
  expect(told(program.evaluate({}))).toBe('false');
});

/** Texts that must be refused, not crash the parser. */
const unreadable: readonly (readonly [name: string, expression: string])[] = [
  ['parentheses', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
  ['open parentheses', '('.repeat(50_000)],
  ['lists', `${'['.repeat(1000)}${']'.repeat(1000)}`],
  ['maps', `${'{1:'.repeat(1000)}1${'}'.repeat(1000)}`],
  ['sums', Array(3000).fill('1').join(' + ')],
  ['sums in parentheses', `${'('.repeat(200)}1${`${'+1'.repeat(200)})`.repeat(200)}`],
  ['fields', `object${'.a'.repeat(3000)}`],
  ['calls', `${'size('.repeat(2000)}object${')'.repeat(2000)}`],
  ['macros', `${'[1].map(x, '.repeat(300)}x${')'.repeat(300)}`],
  ['conditions', `${'true ? '.repeat(2000)}1${' : 1'.repeat(2000)}`],
  ['complaints', `[${Array(30_000).fill('a').join(',')}]`],
  ['a long text', `"${'a'.repeat(200_000)}"`],
  ['patterns', `"a".matches("${'(a{1000}){1000}'.repeat(3)}")`],
];

it.each(unreadable)('refuses endless %s', (_, expression) => {
  expect(environment.compile(expression)).toHaveProperty('error');
});

it('keeps what it says about a long line short', () => {
  const compilation = environment.compile(`[${Array(30_000).fill('a').join(',')}]`);
  expect('error' in compilation && compilation.error.length).toBeLessThan(10_000);
  expect('error' in compilation && compilation.error).toContain('29900 more errors were truncated');
});

it('does not let types grow with each map of maps', () => {
  const doubling = `[1]${'.map(x, {x: x})'.repeat(100)}`;
  expect(told(compiled(environment, doubling).evaluate({}))).toBe('error: unsupported key type');
  expect(environment.compile(`[1]${'.map(x, {[x]: [x]})'.repeat(100)} == [2]`)).toHaveProperty('error');
});

it('takes long chains of && and ||, which do not nest', () => {
  const chain = Array.from({ length: 2000 }, (_, index) => `object.x != ${index}`).join(' && ');
  expect(told(compiled(environment, chain).evaluate({ object: jsonValue({ x: -1 }) }))).toBe('true');
});

it('evaluates nested optMap once each', () => {
  const nested = `optional.of(1)${'.optMap(x, x + 1)'.repeat(60)}.value()`;
  expect(told(compiled(environment, nested).evaluate({}))).toBe('61');
});

it('keeps to the budget it is given', () => {
  const program = compiled(environment, 'names.all(n, n != "x")');
  const names = jsonValue(big.list);
  expect(program.evaluate({ names }, { budget: 50 })).toEqual({ error: exceeded, cost: 51, exceeded: true });
  expect(program.evaluate({ names })).toMatchObject({ value: true });
  expect(program.evaluate({ names }, { budget: 10 * perCallLimit })).toMatchObject({ value: true });
});

it('answers the same each time, at the same cost', () => {
  const program = compiled(environment, 'names.map(n, n.upperAscii()).filter(n, n.endsWith("7")).size()');
  const names = jsonValue(big.list);
  const once = program.evaluate({ names });
  expect(program.evaluate({ names })).toEqual(once);
  expect(once).toMatchObject({ value: 2000n });
});

it('counts cost as upstream does', () => {
  const cost = (expression: string): number =>
    compiled(environment, expression).evaluate({ object: jsonValue({ a: 'abc', l: [1, 2] }) }).cost;
  expect(cost('1 + 2 == 3')).toBe(2);
  expect(cost('object.a == "abc"')).toBe(3);
  expect(cost('has(object.a)')).toBe(1);
  expect(cost('object.l.all(x, x > 0)')).toBe(2 + 2 * (2 + 1 + 1 + 1) + 1);
  expect(cost('object.l.map(x, x)')).toBe(2 + 10 + 2 * (1 + 1 + 10 + 1) + 1);
  expect(cost('true || object.a == "x"')).toBe(0);
  expect(cost('"0123456789ab".matches("[0-9]+[a-z]+")')).toBe(2 * 3);
});
