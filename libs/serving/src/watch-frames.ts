/** An object ready to be sent: a `Stored` is one. `object` is parsed on first use. */
export interface Framable {
  readonly json: Uint8Array;
  readonly object: object;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** How watch events become bytes for one media type. */
export interface WatchFraming {
  readonly contentType: string;
  /** Whether frames are text messages over WebSocket. */
  readonly text: boolean;
  /** The frame of a change. Encoded once per object and type for all watchers who ask soon after each other. */
  change(type: ChangeType, stored: Framable): Uint8Array;
  /** The frame of an object that is not stored: BOOKMARK, ERROR, Table rows. */
  frame(type: string, object: object): Uint8Array;
}

/** Enough for every watcher to find the frame of a change, little beside the state that frames are copies of. */
const rememberedBytes = 8 << 20;

/**
 * Frames of the last objects that were asked for, up to a number of bytes. A watch from the state on asks for all
 * objects once; what is remembered for as long as the object lives would be a second copy of everything.
 */
class RecentFrames {
  readonly #frames = new Map<Framable, Uint8Array>();
  #bytes = 0;

  get(stored: Framable): Uint8Array | undefined {
    return this.#frames.get(stored);
  }

  set(stored: Framable, frame: Uint8Array): void {
    this.#frames.set(stored, frame);
    this.#bytes += frame.length;
    for (const [oldest, { length }] of this.#frames) {
      if (this.#bytes <= rememberedBytes) return;
      this.#frames.delete(oldest);
      this.#bytes -= length;
    }
  }
}

function cached(encode: (type: ChangeType, stored: Framable) => Uint8Array): WatchFraming['change'] {
  const recent = { ADDED: new RecentFrames(), MODIFIED: new RecentFrames(), DELETED: new RecentFrames() };
  return (type, stored) => {
    const known = recent[type].get(stored);
    if (known) return known;
    const frame = encode(type, stored);
    recent[type].set(stored, frame);
    return frame;
  };
}

const jsonHead = (type: string): Buffer => Buffer.from(`{"type":${JSON.stringify(type)},"object":`);
const jsonHeads = { ADDED: jsonHead('ADDED'), MODIFIED: jsonHead('MODIFIED'), DELETED: jsonHead('DELETED') };
const jsonTail = Buffer.from('}\n');

/** One event per line; the object's stored bytes go out as they are. */
export function newJsonFraming(): WatchFraming {
  return {
    contentType: 'application/json',
    text: true,
    change: cached((type, { json }) => Buffer.concat([jsonHeads[type], json, jsonTail])),
    frame: (type, object) => Buffer.concat([jsonHead(type), Buffer.from(JSON.stringify(object)), jsonTail]),
  };
}

export interface ProtobufFramings {
  /** For HTTP: every message after its length, four bytes big-endian. */
  readonly delimited: WatchFraming;
  /** For WebSocket: the messages alone. */
  readonly messages: WatchFraming;
}

/**
 * meta/v1 WatchEvent messages `{ type = 1, object = 2 { raw = 1 } }`; `encode` makes the object's own bytes, with the
 * `k8s\0` prefix and its envelope. Both framings share one encoding.
 */
export function newProtobufFramings(encode: (object: object) => Uint8Array): ProtobufFramings {
  const contentType = 'application/vnd.kubernetes.protobuf;stream=watch';
  const frame = (type: string, object: object): Uint8Array => delimitedEvent(type, encode(object));
  const change = cached((type, stored) => frame(type, stored.object));
  const bare = (delimited: Uint8Array): Uint8Array => delimited.subarray(4);
  return {
    delimited: { contentType, text: false, change, frame },
    messages: {
      contentType,
      text: false,
      change: (type, stored) => bare(change(type, stored)),
      frame: (type, object) => bare(frame(type, object)),
    },
  };
}

function delimitedEvent(type: string, raw: Uint8Array): Uint8Array {
  const extension = field(1, raw);
  const event = Buffer.concat([field(1, Buffer.from(type)), field(2, extension)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

/** A length-delimited protobuf field (wire type 2). */
function field(number: number, bytes: Uint8Array): Buffer {
  const head = [(number << 3) | 2];
  let length = bytes.length;
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) | 128);
  head.push(length);
  return Buffer.concat([Buffer.from(head), bytes]);
}
