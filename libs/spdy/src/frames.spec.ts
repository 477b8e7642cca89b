import { controlFrame, dataFrame, FrameReader, rstStream } from './frames';

/** Pieces of one frame put together again. */
function joined(frames: ReturnType<FrameReader['push']>[]): object[] {
  const whole: Record<string, unknown>[] = [];
  const open: Buffer[] = [];
  for (const frame of frames.flatMap((some) => [...some])) {
    if (frame.kind === 'control') whole.push(frame);
    else {
      open.push(frame.data);
      if (frame.fin || Buffer.concat(open).length >= 5) whole.push({ ...frame, data: Buffer.concat(open.splice(0)) });
    }
  }
  return whole;
}

describe('SPDY frames', () => {
  it('have the layout of the specification', () => {
    expect(dataFrame(5, Buffer.from('ab')).toString('hex')).toBe('00000005' + '00000002' + '6162');
    expect(dataFrame(5, Buffer.alloc(0), true).toString('hex')).toBe('00000005' + '01000000');
    expect(controlFrame(6, 0, Buffer.from([0, 0, 0, 1])).toString('hex')).toBe('80030006' + '00000004' + '00000001');
    expect(rstStream(3, 5).toString('hex')).toBe('80030003' + '00000008' + '0000000300000005');
  });

  it('are found again wherever the bytes were cut', () => {
    const bytes = Buffer.concat([
      dataFrame(1, Buffer.from('hello')),
      controlFrame(6, 0, Buffer.alloc(4)),
      dataFrame(3, Buffer.from('x'), true),
    ]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new FrameReader();
      expect(joined([reader.push(bytes.subarray(0, cut)), reader.push(bytes.subarray(cut))])).toEqual([
        { kind: 'data', stream: 1, fin: false, data: Buffer.from('hello') },
        { kind: 'control', type: 6, flags: 0, payload: Buffer.alloc(4) },
        { kind: 'data', stream: 3, fin: true, data: Buffer.from('x') },
      ]);
    }
  });

  it('of data are handed on as they come, however long they are', () => {
    const reader = new FrameReader();
    const head = Buffer.from('0000000101ffffff', 'hex');
    expect([...reader.push(head)]).toEqual([]);
    expect([...reader.push(Buffer.alloc(1000))]).toMatchObject([{ fin: false, data: { length: 1000 } }]);
    expect([...reader.push(Buffer.alloc(0xffffff - 1000))]).toMatchObject([{ fin: true }]);
  });

  it.each([
    ['that control with more than 64 KiB', '8003000100010001', 'SPDY control frame of 65537 bytes'],
    ['of another version', '8002000100000004', 'not a frame of SPDY/3'],
  ])('%s are refused', (_, hex, why) => {
    expect(() => [...new FrameReader().push(Buffer.from(hex, 'hex'))]).toThrow(why);
  });
});
