import { newInbox, type Budget, type Inbox } from '@kubephant/serving';
import { dataFrame, resetStatus, rstStream } from './frames';
import type { HeaderFields } from './header-block';

/** One of the streams of a session. Either side ends what it says on its own; the stream is over when both have. */
export interface SpdyStream {
  readonly id: number;
  readonly headers: HeaderFields;
  /** Ends when the peer has ended what it says, or the stream or its session is broken off: then `signal` tells. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Resolves when the connection can take more. Nothing is sent after `end`, or once the stream is broken off. */
  write(data: Uint8Array): Promise<void>;
  end(): void;
  /** Breaks the stream off. */
  reset(): void;
  /** Nobody reads it any more: what has come and will come is dropped, so that other streams can go on. */
  discard(): void;
  /** Aborts when the stream was broken off before both sides had ended. */
  readonly signal: AbortSignal;
}

/** What a stream needs of its session. */
export interface Wire {
  readonly budget: Budget;
  send(frame: Buffer): Promise<void>;
  /** The stream is over: its id is free. */
  closed(id: number): void;
}

/** No frame is longer, so that the streams of a session take turns. */
const maxDataBytes = 32 * 1024;

/** A stream with the side that its session sees. */
export class SessionStream implements SpdyStream {
  readonly id: number;
  readonly headers: HeaderFields;
  readonly #wire: Wire;
  readonly #inbox: Inbox;
  readonly #broken = new AbortController();
  #localEnded = false;
  #remoteEnded = false;

  constructor(id: number, headers: HeaderFields, wire: Wire) {
    this.id = id;
    this.headers = headers;
    this.#wire = wire;
    this.#inbox = newInbox(wire.budget);
  }

  get chunks(): AsyncIterable<Buffer> {
    return this.#inbox;
  }

  get signal(): AbortSignal {
    return this.#broken.signal;
  }

  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length && !this.#localEnded; at += maxDataBytes) {
      await this.#wire.send(dataFrame(this.id, data.subarray(at, at + maxDataBytes)));
    }
  }

  end(): void {
    if (this.#localEnded) return;
    this.#localEnded = true;
    void this.#wire.send(dataFrame(this.id, new Uint8Array(), true));
    if (this.#remoteEnded) this.#wire.closed(this.id);
  }

  reset(): void {
    if (this.#localEnded && this.#remoteEnded) return;
    void this.#wire.send(rstStream(this.id, resetStatus.cancel));
    this.breakOff();
  }

  discard(): void {
    this.#inbox.drop();
  }

  /** What the peer says. */
  receive(data: Buffer, fin: boolean): void {
    if (this.#remoteEnded) return;
    if (data.length > 0) this.#inbox.push(data);
    if (!fin) return;
    this.#remoteEnded = true;
    this.#inbox.end();
    if (this.#localEnded) this.#wire.closed(this.id);
  }

  /** The peer has reset it, or the connection is gone. */
  breakOff(): void {
    if (this.#localEnded && this.#remoteEnded) return;
    // What has arrived is still read when only the peer's own side was ended already.
    if (this.#remoteEnded) this.#inbox.end();
    else this.#inbox.drop();
    this.#localEnded = true;
    this.#remoteEnded = true;
    this.#wire.closed(this.id);
    this.#broken.abort();
  }
}
