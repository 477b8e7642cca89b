import { readLines, readText } from './body';

async function* body(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

it.each([
  ['one line per chunk', ['a\n', 'b\n'], ['a', 'b']],
  ['lines across chunks', ['a', 'b\nc', '\n'], ['ab', 'c']],
  ['a last line without its end', ['a\nb'], ['a', 'b']],
  ['no empty lines', ['\n\r\na\n'], ['a']],
])('reads %s', async (_, parts, lines) => {
  expect(await collect(readLines(body(...parts)))).toEqual(lines);
});

it('ends a stream whose line never ends', async () => {
  await expect(collect(readLines(body('abc', 'def'), 5))).rejects.toThrow('longer than 5 bytes');
});

it('refuses a body that is too long', async () => {
  expect(await readText(body('ab', 'cd'), 4)).toBe('abcd');
  await expect(readText(body('ab', 'cde'), 4)).rejects.toThrow('longer than 4 bytes');
});
