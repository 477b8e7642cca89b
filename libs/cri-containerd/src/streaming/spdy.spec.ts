import { createInflate, constants } from 'node:zlib';
import { FrameReader, StreamOpener, controlFrame, dataFrame } from './spdy-frames';
import { withStreams } from './stream-dialer';

describe('SPDY frames', () => {
  it('have the layout of the specification', () => {
    expect(dataFrame(5, Buffer.from('ab')).toString('hex')).toBe('00000005' + '00000002' + '6162');
    expect(dataFrame(5, Buffer.alloc(0), true).toString('hex')).toBe('00000005' + '01000000');
    expect(controlFrame(6, 0, Buffer.from([0, 0, 0, 1])).toString('hex')).toBe('80030006' + '00000004' + '00000001');
  });

  it('are found again wherever the bytes were cut', () => {
    const bytes = Buffer.concat([
      dataFrame(1, Buffer.from('hello')),
      controlFrame(6, 0, Buffer.alloc(4)),
      dataFrame(3, Buffer.from('x'), true),
    ]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new FrameReader();
      const frames = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      expect(frames).toEqual([
        { kind: 'data', stream: 1, fin: false, data: Buffer.from('hello') },
        { kind: 'control', type: 6, flags: 0, payload: Buffer.alloc(4) },
        { kind: 'data', stream: 3, fin: true, data: Buffer.from('x') },
      ]);
    }
  });

  it('of more than 4 MiB are refused', () => {
    const head = Buffer.from('0000000100ffffff', 'hex');
    expect(() => [...new FrameReader().push(head)]).toThrow('SPDY frame of 16777215 bytes');
  });

  it('carry header blocks that are one zlib stream', async () => {
    const opener = new StreamOpener();
    const blocks = ['error', 'stdin'].map((streamtype, i) => opener.open(2 * i + 1, { streamtype }).subarray(18));
    const inflate = createInflate({ finishFlush: constants.Z_SYNC_FLUSH });
    inflate.end(Buffer.concat(blocks));
    const chunks: Buffer[] = [];
    for await (const chunk of inflate) chunks.push(chunk as Buffer);
    const text = (value: string): string => Buffer.from([0, 0, 0, value.length]).toString('latin1') + value;
    const block = (value: string): string => `\0\0\0\x01${text('streamtype')}${text(value)}`;
    expect(Buffer.concat(chunks).toString('latin1')).toBe(block('error') + block('stdin'));
  });
});

describe('a session', () => {
  it('says in its URL which streams it has', () => {
    const url = 'http://127.0.0.1:1/exec/token';
    expect(withStreams(url, { stdin: true, stdout: true, stderr: true, tty: false })).toBe(
      `${url}#error,stdin,stdout,stderr`,
    );
    expect(withStreams(url, { stdin: false, stdout: true, stderr: false, tty: true })).toBe(
      `${url}#error,stdout,resize`,
    );
  });
});
