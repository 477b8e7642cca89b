import { mutateBytes, type Random } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import type { ByteSocket } from '@kubephant/serving';
import { controlFrame, controlTypes, dataFrame, FrameReader, rstStream, type Frame } from './frames';
import { HeaderDecoder, HeaderEncoder } from './header-block';
import { newSpdySession } from './session';

const headers = { streamtype: 'data', port: '80', requestid: '0' };
const block = (fields: Readonly<Record<string, string>>): Buffer => new HeaderEncoder().encode(fields);
const opening = (id: number): Buffer => {
  const prefix = Buffer.alloc(10);
  prefix.writeUInt32BE(id, 0);
  return controlFrame(controlTypes.synStream, 0, Buffer.concat([prefix, block(headers)]));
};
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

  fuzzSuite('sessions', {
    seeds: [conversation],
    mutate: (random, seeds) => parts(pieces(random, seeds as readonly Buffer[])),
    async take(said: Buffer | readonly Buffer[]) {
      let open = 0;
      const session = newSpdySession(socketOf(Array.isArray(said) ? said : [Buffer.from(said as Uint8Array)]), {
        role: 'server',
        onStream: (stream) => {
          open++;
          stream.signal.addEventListener('abort', () => open--);
          stream.discard();
        },
      });
      await session.run();
      expect(open).toBeGreaterThanOrEqual(0);
    },
    refuses: isHonest,
  });
});
