import type { Random } from './random';

/** Words that parsers stumble over. */
const words = [
  '',
  ' ',
  '\0',
  '\n',
  '\r\n',
  '\t',
  '"',
  "'",
  '\\',
  '\\u0000',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '-',
  '--',
  '.',
  '..',
  '/',
  '//',
  '*',
  '&a',
  '*a',
  '!',
  '!!binary',
  '|',
  '>',
  '%',
  '%00',
  '%zz',
  '#',
  '~',
  '@',
  '=',
  '==',
  '!=',
  '(',
  ')',
  'in',
  'notin',
  'null',
  'true',
  'NaN',
  'Infinity',
  '0',
  '-0',
  '00',
  '1e999',
  '-1',
  '1e-999',
  '0x10',
  '0.1',
  '9007199254740993',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '2147483648',
  '\u{1F600}',
  '\u0130',
  '\uFEFF',
  '\u2028',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '$patch',
  '$setElementOrder/containers',
  '$retainKeys',
  'f:',
  'k:{}',
  'v:',
  'i:0',
  'Ki',
  'Ei',
  'm',
  'n',
  'e',
  'E',
  'T',
  'Z',
  '+00:00',
  '2026-02-30T00:00:00Z',
  '::',
  '0.0.0.0',
  '/33',
  'sha256:',
];

type TextChange = (random: Random, text: string, others: readonly string[]) => string;

const cut = (random: Random, length: number): readonly [number, number] => {
  const from = random.below(length + 1);
  return [from, Math.min(length, from + 1 + random.below(random.oneIn(4) ? length + 1 : 8))];
};

const changes: readonly TextChange[] = [
  (random, text) => {
    const [from, to] = cut(random, text.length);
    return text.slice(0, from) + text.slice(to);
  },
  (random, text) => {
    const [from, to] = cut(random, text.length);
    return text.slice(0, to) + text.slice(from, to).repeat(random.oneIn(20) ? 200 : 1) + text.slice(to);
  },
  (random, text) => {
    const [from, to] = cut(random, text.length);
    return text.slice(0, from) + random.pick(words) + text.slice(random.oneIn(2) ? from : to);
  },
  (random, text, others) => {
    const other = random.pick(others);
    return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
  },
  (random, text) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + String.fromCharCode(random.below(random.oneIn(8) ? 65_536 : 128)) + text.slice(at + 1);
  },
  (random, text) => text.slice(0, random.below(text.length + 1)),
];

/** One of the seeds after a few changes to it; never longer than some hundred times the seed. */
export function mutateText(random: Random, seeds: readonly string[]): string {
  let text = random.pick(seeds);
  for (let left = 1 + random.below(4); left > 0; left--) text = random.pick(changes)(random, text, seeds);
  return text.slice(0, 20_000);
}

/** The same with bytes: most often single bits and lengths go wrong. */
export function mutateBytes(random: Random, seeds: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.from(random.pick(seeds));
  if (bytes.length > 0) {
    for (let left = random.below(4); left > 0; left--) {
      const at = random.below(bytes.length);
      bytes[at] = random.oneIn(2) ? (bytes[at] ?? 0) ^ (1 << random.below(8)) : random.pick([0, 1, 127, 128, 255]);
    }
  }
  if (!random.oneIn(3)) return bytes;
  const texts = seeds.map((seed) => Buffer.from(seed).toString('latin1'));
  return Buffer.from(mutateText(random, [bytes.toString('latin1'), ...texts]), 'latin1');
}
