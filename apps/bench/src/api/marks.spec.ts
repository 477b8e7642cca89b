import { MarkReader, markedConfigMap } from './marks';

const stream = Buffer.from(
  [1, 22, 333].map((i) => `9f\r\n${markedConfigMap({ name: 'a' }, i, i * 1.5)}\n\r\n`).join(''),
);

it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
  'MarkReader finds every mark once, in pieces of %d bytes',
  (size) => {
    const reader = new MarkReader();
    const marks: number[][] = [];
    for (let at = 0; at < stream.length; at += size) {
      reader.read(stream.subarray(at, at + size), (i, sentMs) => marks.push([i, sentMs]));
    }
    expect(marks).toEqual([
      [1, 1.5],
      [22, 33],
      [333, 499.5],
    ]);
  },
);
