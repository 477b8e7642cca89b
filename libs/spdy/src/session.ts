import { onAbort } from '@kubephant/base';
import { Budget, type ByteSocket } from '@kubephant/serving';
import {
  controlFrame,
  controlTypes,
  finFlag,
  FrameReader,
  resetStatus,
  rstStream,
  streamOf,
  type Frame,
} from './frames';
import { HeaderDecoder, HeaderEncoder, type HeaderFields } from './header-block';
import { SessionStream, type SpdyStream, type Wire } from './stream';

export interface SpdyOptions {
  readonly role: 'client' | 'server';
  /** Whether a stream that the peer opens is wanted. Default: all are, if there is `onStream`. */
  readonly admits?: (headers: HeaderFields) => boolean;
  /** Is given each stream that the peer has opened. Absent: all are refused. */
  readonly onStream?: (stream: SpdyStream) => void;
  /** Streams open at once, beyond which the peer's are refused. Default: 2,048. */
  readonly maxStreams?: number;
}

/** Both directions of many streams over one connection. */
export interface SpdySession {
  /** Opens a stream to the peer; if it refuses, the stream is broken off. */
  open(headers: HeaderFields): SpdyStream;
  /** Reads until the connection ends, or says what is no SPDY: then it is broken off, and that is thrown. Call once. */
  run(): Promise<void>;
  /** Ends the connection after all that was written. */
  close(): void;
}

/** Received bytes that nobody has taken yet, of all streams together; beyond it the connection is not read. */
const maxUnreadBytes = 1024 * 1024;
const defaultMaxStreams = 2048;

export function newSpdySession(socket: ByteSocket, options: SpdyOptions): SpdySession {
  return new Session(socket, options);
}

type ControlFrame = Extract<Frame, { kind: 'control' }>;

class Session implements SpdySession {
  readonly #socket: ByteSocket;
  readonly #options: SpdyOptions;
  readonly #streams = new Map<number, SessionStream>();
  readonly #encoder = new HeaderEncoder();
  readonly #budget = new Budget(maxUnreadBytes);
  readonly #wire: Wire;
  #nextId: number;
  #lastPeerId = 0;
  #over = false;

  constructor(socket: ByteSocket, options: SpdyOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#nextId = options.role === 'client' ? 1 : 2;
    this.#wire = {
      budget: this.#budget,
      send: (frame) => socket.write(frame),
      closed: (id) => void this.#streams.delete(id),
    };
  }

  open(headers: HeaderFields): SpdyStream {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = new SessionStream(id, headers, this.#wire);
    if (this.#over) {
      stream.breakOff();
      return stream;
    }
    this.#streams.set(id, stream);
    const prefix = Buffer.alloc(10);
    prefix.writeUInt32BE(id, 0);
    const payload = Buffer.concat([prefix, this.#encoder.encode(headers)]);
    void this.#socket.write(controlFrame(controlTypes.synStream, 0, payload));
    return stream;
  }

  async run(): Promise<void> {
    const frames = new FrameReader();
    using decoder = new HeaderDecoder();
    using _ = onAbort(this.#socket.signal, () => this.#budget.close());
    try {
      for await (const bytes of this.#socket.chunks) {
        for (const frame of frames.push(bytes)) await this.#take(frame, decoder);
        await this.#budget.room();
      }
    } catch (err) {
      this.#socket.destroy();
      throw err;
    } finally {
      this.#over = true;
      for (const stream of [...this.#streams.values()]) stream.breakOff();
    }
  }

  close(): void {
    this.#socket.end();
  }

  async #take(frame: Frame, decoder: HeaderDecoder): Promise<void> {
    if (frame.kind === 'control') await this.#control(frame, decoder);
    // Streams that are over may still be spoken on: the peer did not know yet.
    else this.#streams.get(frame.stream)?.receive(frame.data, frame.fin);
  }

  async #control({ type, flags, payload }: ControlFrame, decoder: HeaderDecoder): Promise<void> {
    switch (type) {
      case controlTypes.synStream:
        return this.#opened(streamOf(payload), flags, await decoder.decode(payload.subarray(10)));
      case controlTypes.synReply:
      case controlTypes.headers:
        // Nobody sends fields here that matter, but what follows can only be read after them.
        await decoder.decode(payload.subarray(4));
        return;
      case controlTypes.rstStream:
        this.#streams.get(streamOf(payload))?.breakOff();
        return;
      case controlTypes.ping:
        // Pings of the peer's own parity are answers to none of ours.
        await this.#socket.write(controlFrame(controlTypes.ping, 0, payload.subarray(0, 4)));
        return;
      default:
        // GOAWAY is followed by the end of the connection; settings and windows are not for us.
        return;
    }
  }

  async #opened(id: number, flags: number, headers: HeaderFields): Promise<void> {
    const fromPeer = id % 2 === (this.#options.role === 'server' ? 1 : 0);
    if (!fromPeer || id <= this.#lastPeerId) throw new RangeError(`SPDY stream ${id} cannot be opened`);
    this.#lastPeerId = id;
    const { onStream, admits, maxStreams = defaultMaxStreams } = this.#options;
    if (!onStream || this.#streams.size >= maxStreams || admits?.(headers) === false) {
      await this.#socket.write(rstStream(id, resetStatus.refusedStream));
      return;
    }
    const stream = new SessionStream(id, headers, this.#wire);
    this.#streams.set(id, stream);
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(id);
    const payload = Buffer.concat([prefix, this.#encoder.encode({})]);
    await this.#socket.write(controlFrame(controlTypes.synReply, 0, payload));
    if ((flags & finFlag) !== 0) stream.receive(Buffer.alloc(0), true);
    onStream(stream);
  }
}
