import { parse } from 'yaml';
import { writeYaml } from './write';

/** Texts as upstream writes them. */
const texts: readonly (readonly [string, string])[] = [
  ['1', '"1"'],
  ['true', '"true"'],
  ['a: b', "'a: b'"],
  [' lead', "' lead'"],
  ['trailing ', "'trailing '"],
  ['', '""'],
  ['~', '"~"'],
  ['0x1f', '"0x1f"'],
  ['1e3', '"1e3"'],
  ['null', '"null"'],
  ['2001-01-01', '"2001-01-01"'],
  ['é', 'é'],
  ['\u{1f600}', '"\\U0001F600"'],
  ['<<', '<<'],
  ['tab\there', '"tab\\there"'],
  ['#c', "'#c'"],
  ['y', '"y"'],
  ["'q'", "'''q'''"],
  ['"dq"', '\'"dq"\''],
  ['on', '"on"'],
  ['-', "'-'"],
  ['- a', "'- a'"],
  ['123_456', '"123_456"'],
  ['1:30', '"1:30"'],
  ['@a', "'@a'"],
  ['.', '.'],
  ['a-b:c', 'a-b:c'],
  ['multi\nline\n', '|\n  multi\n  line'],
  ['a\n\n', '|+\n  a\n'],
  ['a\nb', '|-\n  a\n  b'],
];

it.each(texts)('writes %j as %s', (text, written) => {
  expect(writeYaml({ k: text })).toBe(`k: ${written}\n`);
});

it('lays out maps and lists', () => {
  const value = {
    metadata: { labels: {}, finalizers: [] },
    apiVersion: 'v1',
    items: [{ b: [1, [2, 'x']], a: null }, 'x', { n: true }],
    k9: 1,
    k10: 2,
  };
  expect(writeYaml(value)).toBe(
    [
      'apiVersion: v1',
      'items:',
      '- a: null',
      '  b:',
      '  - 1',
      '  - - 2',
      '    - x',
      '- x',
      '- "n": true',
      'k9: 1',
      'k10: 2',
      'metadata:',
      '  finalizers: []',
      '  labels: {}',
      '',
    ].join('\n'),
  );
});

it('breaks long lines', () => {
  const text = `long text that goes on and on and on so that the emitter of yaml may want to break it`;
  expect(writeYaml({ data: { d: text } })).toBe(
    'data:\n  d: long text that goes on and on and on so that the emitter of yaml may want to\n    break it\n',
  );
});

it('is read back as what was written', () => {
  const pieces = ['a', ' ', '\n', ':', '#', '-', '"', "'", '\t', '1', '.', 'é', '\\', '?', '{', '%', '~', '\u{1f600}'];
  const many = Array.from({ length: 4000 }, (_, i) => {
    let text = '';
    for (let rest = i * 7919; rest > 0; rest = Math.floor(rest / pieces.length))
      text += pieces[rest % pieces.length] ?? '';
    return text;
  });
  const value = Object.fromEntries(many.map((text, i) => [`${text}${i}`, text]));
  expect(parse(writeYaml({ list: many, value }), { version: '1.1' })).toEqual({ list: many, value });
});
