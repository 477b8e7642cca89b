import { mutateBytes, type Random } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import type { ByteSocket } from '@kubephant/serving';
import { controlFrame, controlTypes, dataFrame, FrameReader, rstStream, type Frame } from './frames';
import { HeaderDecoder, HeaderEncoder } from './header-block';
import { newSpdySession } from './session';
import type { SpdyStream } from './stream';

const headers = { streamtype: 'data', port: '80', requestid: '0' };
const block = (fields: Readonly<Record<string, string>>): Buffer => new HeaderEncoder().encode(fields);
const opening = (id: number): Buffer => {
  const prefix = Buffer.alloc(10);
  prefix.writeUInt32BE(id, 0);
  return controlFrame(controlTypes.synStream, 0, Buffer.concat([prefix, block(headers)]));
};
const reply = controlFrame(controlTypes.synReply, 0, Buffer.concat([Buffer.of(0, 0, 0, 1), block({})]));
const conversation = Buffer.concat([
  opening(1),
  dataFrame(1, Buffer.from('hello')),
  dataFrame(1, Buffer.alloc(0), true),
  controlFrame(controlTypes.ping, 0, Buffer.alloc(4)),
  rstStream(1, 5),
  controlFrame(controlTypes.goAway, 0, Buffer.alloc(8)),
]);
/** A RangeError, of Node's realm or of the tests', or one of zlib. */
const isHonest = (err: unknown): boolean =>
  (err as Error).name === 'RangeError' || (err as NodeJS.ErrnoException).code?.startsWith('Z_') === true;

const encoded = (frame: Frame): Buffer =>
  frame.kind === 'control'
    ? controlFrame(frame.type, frame.flags, frame.payload)
    : dataFrame(frame.stream, frame.data, frame.fin);

/** The same bytes, in two pieces. */
interface Pieces {
  readonly bytes: Buffer;
  readonly cut: number;
}
const pieces = (random: Random, seeds: readonly Buffer[]): Pieces => {
  const bytes = mutateBytes(random, seeds);
  return { bytes, cut: random.below(bytes.length + 1) };
};
const parts = ({ bytes, cut }: Pieces): readonly Buffer[] => {
  const all = Buffer.from(bytes);
  return [all.subarray(0, cut), all.subarray(cut)];
};

/** What somebody said, who then says nothing more and hears nothing. */
function socketOf(said: readonly Buffer[]): ByteSocket {
  return {
    chunks: (async function* () {
      yield* said;
    })(),
    write: async () => undefined,
    end: () => undefined,
    destroy: () => undefined,
    signal: new AbortController().signal,
  };
}

describe('SPDY', () => {
  fuzzSuite('frames', {
    seeds: [conversation],
    mutate: mutateBytes,
    take(bytes: Uint8Array) {
      const read = (said: readonly Buffer[]): readonly Frame[] => {
        const reader = new FrameReader();
        return said.flatMap((each) => [...reader.push(each)]);
      };
      const frames = read([Buffer.from(bytes)]);
      expect(read(frames.map(encoded))).toEqual(frames);
    },
    refuses: isHonest,
  });

  fuzzSuite('header blocks', {
    seeds: [block(headers), block({}), block({ a: 'b\0c' })],
    mutate: mutateBytes,
    async take(bytes: Uint8Array) {
      using decoder = new HeaderDecoder();
      const fields = await decoder.decode(Buffer.from(bytes));
      using other = new HeaderDecoder();
      expect(await other.decode(block(fields))).toEqual(fields);
    },
    refuses: isHonest,
  });

  for (const role of ['server', 'client'] as const) {
    fuzzSuite(`sessions of a ${role}`, {
      seeds: [conversation, Buffer.concat([reply, conversation.subarray(opening(1).length)])],
      mutate: (random, seeds) => parts(pieces(random, seeds)),
      async take(input: Uint8Array | readonly Uint8Array[]) {
        const said = (input instanceof Uint8Array ? [input] : input).map((each) => Buffer.from(each));
        let open = 0;
        const follow = (stream: SpdyStream): void => {
          open++;
          stream.signal.addEventListener('abort', () => open--);
          stream.discard();
        };
        const session = newSpdySession(socketOf(said), { role, onStream: follow });
        if (role === 'client') follow(session.open(headers));
        await session.run();
        expect(open).toBeGreaterThanOrEqual(0);
      },
      refuses: isHonest,
    });
  }
});
