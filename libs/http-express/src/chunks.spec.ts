import { newChunking } from './chunks';

describe('chunks of a streamed body', () => {
  const chunking = newChunking();
  const text = (...frames: string[]): string =>
    Buffer.from(chunking(frames.map((frame) => Buffer.from(frame)))).toString();

  it.each([
    ['one frame', ['{"a":1}\n'], '8\r\n{"a":1}\n\r\n'],
    ['frames that come together', ['0123456789', 'abcdef'], '10\r\n0123456789abcdef\r\n'],
    ['an empty frame is none: it would end the body', [''], ''],
    ['no frame', [], ''],
  ])('%s', (_, frames, expected) => {
    expect(text(...frames)).toBe(expected);
  });

  it('are made once for a frame that is written to many in a row', () => {
    const [one, other] = [Buffer.from('one'), Buffer.from('other')];
    const first = chunking([one]);
    expect(chunking([one])).toBe(first);
    expect(chunking([other])).not.toBe(first);
    expect(chunking([one])).toEqual(first);
  });
});
