import { newEnvironment } from './environment';
import { listOf, mapOf, scalar } from './types';
import { jsonValue } from './values/json';

/** Numbers that look random and are the same in each run (a linear congruential generator). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const words = (
  'object names labels x y true false null 0 1 -1 2u 1.5 "a" b"b" "é" r"\\d" [ ] { } ( ) , : ? . ?. [? {? + - * / % == != ' +
  '< <= > >= && || ! in has( .all(x, .map(x, .filter(x, .exists(x, .optMap(x, .size() .join( .split( .matches( int( string( ' +
  'type( optional.of( .orValue( timestamp( duration( quantity( ip( url( Object{ __proto__ constructor .sort() .sum() ; @ ` \\ " \n'
).split(' ');

const seeds = [
  'object.list.all(x, x > 1) && names.exists(n, n.startsWith("a"))',
  'has(object.a) ? object.a.b[0].?c.orValue("d") : labels["x"]',
  '[1, 2, 3].map(x, x * 2).filter(x, x > 2).sum() == 10',
  '{"a": [1.5, 2.0]}.transformMap(k, v, v.size() > 1, v.max())',
  '"%s %d".format([object.text, 5]).matches("^[a-z]+ [0-9]$")',
];

/** A text that was an expression before some characters were lost, doubled or replaced. */
function damaged(text: string, pick: (below: number) => number): string {
  const characters = Array.from(text);
  for (let count = pick(4) + 1; count > 0; count--) {
    const at = pick(characters.length);
    const replacement =
      [[], [words[pick(words.length)] ?? ''], [characters[at] ?? '', characters[at] ?? '']][pick(3)] ?? [];
    characters.splice(at, 1, ...replacement);
  }
  return characters.join('');
}

const environment = newEnvironment({
  variables: { object: scalar.dyn, names: listOf(scalar.string), labels: mapOf(scalar.string, scalar.string) },
  mutation: true,
});
const bindings = {
  object: jsonValue({ list: [1, 2, 'x', null], a: { b: [{}] }, text: 'abc' }),
  names: jsonValue(['a', 'b']),
  labels: jsonValue({ x: 'y' }),
};

/** Whatever the text is: an answer or an error, never a throw. */
function survives(text: string): string {
  const compilation = environment.compile(text);
  if ('error' in compilation) return compilation.error;
  const { cost } = compilation.program;
  expect(cost.min).toBeLessThanOrEqual(cost.max);
  const evaluation = compilation.program.evaluate(bindings);
  return 'error' in evaluation ? evaluation.error : 'fine';
}

it('answers random words', () => {
  const pick = random(1);
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: pick(20) + 1 }, () => words[pick(words.length)] ?? '').join(
      pick(2) === 0 ? ' ' : '',
    );
    expect(survives(text)).not.toBe('');
  }
});

it('answers damaged expressions, some of which still work', () => {
  const pick = random(2);
  const outcomes = new Set<string>();
  for (let round = 0; round < 3000; round++) outcomes.add(survives(damaged(seeds[pick(seeds.length)] ?? '', pick)));
  expect(outcomes).toContain('fine');
  expect(outcomes.size).toBeGreaterThan(100);
});
