/**
 * As much of SPDY/3.1 (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/) as a client of a CRI
 * streaming server needs. Header blocks go out stored, not deflated, and none that comes in matters to us: so the
 * protocol's dictionary is not needed.
 */
export type Frame =
  | { readonly kind: 'data'; readonly stream: number; readonly fin: boolean; readonly data: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

export const controlTypes = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;
export const finFlag = 0x01;
const version = 3;
const headerBytes = 8;
/** Larger than any frame the server sends: what exceeds it is not SPDY. */
const maxFrameBytes = 4 * 2 ** 20;

export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUInt16BE(0x8000 | version, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4);
  return Buffer.concat([head, payload]);
}

export function dataFrame(stream: number, data: Uint8Array, fin = false): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUInt32BE(stream, 0);
  head.writeUInt32BE((((fin ? finFlag : 0) << 24) | data.length) >>> 0, 4);
  return Buffer.concat([head, data]);
}

/** Opens streams; the header blocks of one connection are one compressed stream, so they come from one encoder. */
export class StreamOpener {
  #first = true;

  open(stream: number, headers: Readonly<Record<string, string>>): Buffer {
    const prefix = Buffer.alloc(10);
    prefix.writeUInt32BE(stream, 0);
    const payload = Buffer.concat([prefix, this.#block(headers)]);
    return controlFrame(controlTypes.synStream, 0, payload);
  }

  #block(headers: Readonly<Record<string, string>>): Buffer {
    const entries = Object.entries(headers);
    const text = (value: string): Buffer => Buffer.concat([uint32(value.length), Buffer.from(value)]);
    const pairs = entries.flatMap(([name, value]) => [text(name.toLowerCase()), text(value)]);
    const zlibHeader = this.#first ? [Buffer.from([0x78, 0x01])] : [];
    this.#first = false;
    // An empty block after the data makes the reader hand out what it has, as a flush does.
    return Buffer.concat([
      ...zlibHeader,
      stored(Buffer.concat([uint32(entries.length), ...pairs])),
      stored(Buffer.alloc(0)),
    ]);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A block of RFC 1951 that is not compressed. */
function stored(data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(data.length, 1);
  head.writeUInt16LE(data.length ^ 0xffff, 3);
  return Buffer.concat([head, data]);
}

/** Cuts what arrives into frames. Throws RangeError for a frame that is too large. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  *push(bytes: Buffer): Generator<Frame> {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    while (this.#rest.length >= headerBytes) {
      const flagsAndLength = this.#rest.readUInt32BE(4);
      const length = flagsAndLength & 0xffffff;
      if (length > maxFrameBytes) throw new RangeError(`SPDY frame of ${length} bytes`);
      if (this.#rest.length < headerBytes + length) return;
      const frame = frameOf(
        this.#rest.readUInt32BE(0),
        flagsAndLength >>> 24,
        this.#rest.subarray(headerBytes, headerBytes + length),
      );
      this.#rest = this.#rest.subarray(headerBytes + length);
      yield frame;
    }
  }
}

function frameOf(word: number, flags: number, payload: Buffer): Frame {
  if (word >>> 31 === 1) return { kind: 'control', type: word & 0xffff, flags, payload };
  return { kind: 'data', stream: word, fin: (flags & finFlag) !== 0, data: payload };
}
