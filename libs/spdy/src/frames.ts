/**
 * The frames of SPDY/3.1 (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/) that Kubernetes' clients
 * and servers use. Neither side of theirs controls the flow of streams (WINDOW_UPDATE): the connection's own does.
 */
export type Frame =
  /** Bytes of a stream; one frame may come in several pieces, of which the last may end the stream. */
  | { readonly kind: 'data'; readonly stream: number; readonly fin: boolean; readonly data: Buffer }
  | { readonly kind: 'control'; readonly type: number; readonly flags: number; readonly payload: Buffer };

export const controlTypes = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const;
export const finFlag = 0x01;
/** RST_STREAM's reasons. */
export const resetStatus = { protocolError: 1, refusedStream: 3, cancel: 5 } as const;

const version = 3;
const headerBytes = 8;
/** Control frames carry a few header fields; what exceeds this is not meant well. */
const maxControlBytes = 64 * 1024;
const maxStreamId = 0x7fffffff;

export function controlFrame(type: number, flags: number, payload: Uint8Array): Buffer {
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

export function rstStream(stream: number, status: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(stream, 0);
  payload.writeUInt32BE(status, 4);
  return controlFrame(controlTypes.rstStream, 0, payload);
}

/** The stream that a control frame is about. Throws RangeError when it names none. */
export function streamOf(payload: Buffer): number {
  return payload.readUInt32BE(0) & maxStreamId;
}

/** Cuts what arrives into frames. Throws RangeError for what is no SPDY/3.1. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  /** The data frame whose bytes are still coming. */
  #open: { readonly stream: number; readonly fin: boolean; missing: number } | undefined;

  *push(bytes: Buffer): Generator<Frame> {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    for (;;) {
      const frame = this.#open ? this.#piece() : this.#next();
      if (!frame) return;
      if (frame.kind === 'control' || frame.data.length > 0 || frame.fin) yield frame;
    }
  }

  #next(): Frame | undefined {
    if (this.#rest.length < headerBytes) return undefined;
    const word = this.#rest.readUInt32BE(0);
    const flags = this.#rest.readUInt8(4);
    const length = this.#rest.readUIntBE(5, 3);
    if (word >>> 31 === 0) {
      this.#take(headerBytes);
      this.#open = { stream: word, fin: (flags & finFlag) !== 0, missing: length };
      return this.#piece();
    }
    if (((word >>> 16) & 0x7fff) !== version) throw new RangeError('not a frame of SPDY/3');
    if (length > maxControlBytes) throw new RangeError(`SPDY control frame of ${length} bytes`);
    if (this.#rest.length < headerBytes + length) return undefined;
    this.#take(headerBytes);
    return { kind: 'control', type: word & 0xffff, flags, payload: this.#take(length) };
  }

  #piece(): Frame | undefined {
    const open = this.#open;
    if (!open || (this.#rest.length === 0 && open.missing > 0)) return undefined;
    const data = this.#take(Math.min(open.missing, this.#rest.length));
    open.missing -= data.length;
    if (open.missing > 0) return { kind: 'data', stream: open.stream, fin: false, data };
    this.#open = undefined;
    return { kind: 'data', stream: open.stream, fin: open.fin, data };
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}
