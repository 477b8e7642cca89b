import { linesOf } from './answer';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([1, 2, 5, 100])('lines are whole when %d bytes come at a time, and what was cut off is none', async (size) => {
  const lines: string[] = [];
  for await (const line of linesOf(chunksOf('{"a":"é"}\n\n{"b":2}\n{"c":', size))) lines.push(line);
  expect(lines).toEqual(['{"a":"é"}', '{"b":2}']);
});
