import type { ByteSocket } from '@kubephant/serving';
import { controlFrame, controlTypes, dataFrame } from './frames';
import { HeaderEncoder } from './header-block';
import { newSpdySession, type SpdyOptions } from './session';
import type { SpdyStream } from './stream';
import { socketPair } from './testing';

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

/** A server over one end of a connection in memory; `next` is the next stream that it was given. */
function newServer(options: Partial<SpdyOptions> = {}) {
  const [near, far] = socketPair();
  const waiting: SpdyStream[] = [];
  let wake: (() => void) | undefined;
  const onStream = (stream: SpdyStream): void => {
    waiting.push(stream);
    wake?.();
  };
  const server = newSpdySession(far, { role: 'server', onStream, ...options });
  const next = async (): Promise<SpdyStream> => {
    while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift() as SpdyStream;
  };
  return { near, server, running: server.run(), next };
}

function connected(options: Partial<SpdyOptions> = {}) {
  const { near, ...rest } = newServer(options);
  const client = newSpdySession(near, { role: 'client' });
  return { ...rest, near, client, clientRunning: client.run() };
}

const synStream = (id: number, encoder: HeaderEncoder, flags = 0): Buffer => {
  const prefix = Buffer.alloc(10);
  prefix.writeUInt32BE(id);
  return controlFrame(controlTypes.synStream, flags, Buffer.concat([prefix, encoder.encode({ streamtype: 'data' })]));
};

async function firstBytes(socket: ByteSocket): Promise<string> {
  for await (const chunk of socket.chunks) return chunk.toString('hex');
  return '';
}

describe('a session', () => {
  it('carries many streams both ways, each ended on its own', async () => {
    const { client, next, near, running } = connected();
    const [first, second] = [client.open({ streamtype: 'a' }), client.open({ streamtype: 'b' })];
    const [third, fourth] = [await next(), await next()];
    expect([third, fourth].map(({ id, headers }) => [id, headers])).toEqual([
      [1, { streamtype: 'a' }],
      [3, { streamtype: 'b' }],
    ]);
    await second.write(Buffer.from('question'));
    second.end();
    await expect(textOf(fourth.chunks)).resolves.toBe('question');
    await fourth.write(Buffer.from('answer'));
    fourth.end();
    await expect(textOf(second.chunks)).resolves.toBe('answer');
    await third.write(Buffer.from('still here'));
    third.end();
    await expect(textOf(first.chunks)).resolves.toBe('still here');
    near.destroy();
    await running;
  });

  it('carries megabytes byte by byte, at the pace of the reader', async () => {
    const { client, next, near } = connected();
    const sent = Buffer.from(Array.from({ length: 5_000_000 }, (_, i) => (i * 7) & 255));
    const ours = client.open({});
    const writing = ours.write(sent).then(() => ours.end());
    const received: Buffer[] = [];
    for await (const chunk of (await next()).chunks) received.push(chunk);
    await writing;
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    near.destroy();
  });

  it('reads nothing more while nobody takes what has come', async () => {
    const { client, next, near } = connected();
    const ours = client.open({});
    let written = 0;
    const writing = (async () => {
      for (let i = 0; i < 100; i++) {
        await ours.write(Buffer.alloc(100_000));
        written++;
      }
    })();
    const theirs = await next();
    // The writer stands still once both ends are full: as many turns as it likes change nothing.
    for (let turn = 0; turn < 1000; turn++) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBeLessThan(20);
    theirs.discard();
    await writing;
    expect(written).toBe(100);
    near.destroy();
  });

  it('echoes pings', async () => {
    const { near, running } = newServer();
    await near.write(controlFrame(controlTypes.ping, 0, Buffer.from([0, 0, 0, 9])));
    await expect(firstBytes(near)).resolves.toBe('80030006' + '00000004' + '00000009');
    near.destroy();
    await running;
  });

  it('refuses streams that are not wanted, or too many', async () => {
    const { client, next, near } = connected({ maxStreams: 2, admits: ({ streamtype }) => streamtype !== 'bad' });
    const open = (streamtype: string): SpdyStream => client.open({ streamtype });
    const [bad, one, two, three] = [open('bad'), open('a'), open('b'), open('c')];
    await expect(textOf(bad.chunks)).resolves.toBe('');
    await expect(textOf(three.chunks)).resolves.toBe('');
    expect([bad, one, two, three].map(({ signal }) => signal.aborted)).toEqual([true, false, false, true]);
    (await next()).reset();
    await expect(textOf(one.chunks)).resolves.toBe('');
    const again = open('d');
    const seen = [await next(), await next()];
    expect(seen.map(({ headers }) => headers['streamtype'])).toEqual(['b', 'd']);
    expect(again.signal.aborted).toBe(false);
    near.destroy();
  });

  it('breaks its streams off when the connection is gone', async () => {
    const { client, next, near, running, clientRunning } = connected();
    const ours = client.open({});
    const theirs = await next();
    near.destroy();
    await Promise.all([running, clientRunning]);
    expect([ours.signal.aborted, theirs.signal.aborted]).toEqual([true, true]);
    expect(client.open({}).signal.aborted).toBe(true);
  });

  it('takes a stream that has nothing to say', async () => {
    const { near, next } = newServer();
    await near.write(synStream(1, new HeaderEncoder(), 1));
    await expect(textOf((await next()).chunks)).resolves.toBe('');
    near.destroy();
  });

  const encoder = (): HeaderEncoder => new HeaderEncoder();
  it.each<[string, () => readonly Buffer[], string]>([
    ['another version', () => [Buffer.from('8002000100000004', 'hex')], 'not a frame of SPDY/3'],
    ['HTTP', () => [Buffer.from('\x90ET / HTTP/1.1\r\n\r\n', 'latin1')], 'not a frame'],
    ['a stream of the wrong side', () => [synStream(2, encoder())], 'stream 2 cannot be opened'],
    [
      'a stream twice',
      () => {
        const one = encoder();
        return [synStream(3, one), synStream(3, one)];
      },
      'stream 3 cannot be opened',
    ],
    ['a header block of garbage', () => [controlFrame(1, 0, Buffer.alloc(40, 1))], 'incorrect header check'],
    ['a stream without an id', () => [controlFrame(1, 0, Buffer.alloc(2))], ''],
    ['a reset of nothing', () => [controlFrame(3, 0, Buffer.alloc(0))], ''],
  ])('is broken off by %s', async (_, frames, why) => {
    const { near, running } = newServer();
    for (const frame of frames()) await near.write(frame);
    await expect(running).rejects.toThrow(why);
    expect(near.signal.aborted).toBe(true);
  });

  it('overlooks frames of streams that are over, and frames that mean nothing here', async () => {
    const { near, running, next } = newServer();
    const one = encoder();
    await near.write(dataFrame(7, Buffer.from('late')));
    await near.write(controlFrame(controlTypes.rstStream, 0, Buffer.from([0, 0, 0, 7, 0, 0, 0, 5])));
    await near.write(controlFrame(9, 0, Buffer.alloc(8)));
    await near.write(controlFrame(controlTypes.goAway, 0, Buffer.alloc(8)));
    await near.write(synStream(9, one));
    expect((await next()).id).toBe(9);
    near.destroy();
    await running;
  });
});
