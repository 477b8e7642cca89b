import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusError } from '@kubephant/api';
import { onAbort } from '@kubephant/base';
import type { StreamSocket } from '@kubephant/node';
import { FrameReader, StreamOpener, controlFrame, controlTypes, dataFrame, type Frame } from './spdy-frames';

/** The channels of remotecommand over WebSocket, by the SPDY stream that carries each. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;
export type StreamName = keyof typeof channels;

const closeChannel = 255;
const protocol = 'v5.channel.k8s.io';
const maxUnreadBytes = 1024 * 1024;

/**
 * Opens an exec or attach session of a CRI streaming server over SPDY/3.1 and shows it as `v5.channel.k8s.io`
 * messages. SPDY and not WebSocket, because servers of containerd 1.x cannot close stdin alone over the latter.
 */
export async function openSpdySession(
  url: URL,
  streams: readonly StreamName[],
  signal: AbortSignal,
): Promise<StreamSocket> {
  const socket = await upgrade(url, signal);
  const opener = new StreamOpener();
  const ids = new Map(streams.map((name, i) => [name, 2 * i + 1]));
  for (const [name, id] of ids) socket.write(opener.open(id, { streamtype: name }));
  return new SpdySession(socket, ids, signal);
}

async function upgrade(url: URL, signal: AbortSignal): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' };
  const asked = request(url, { method: 'POST', headers, signal });
  asked.once('error', reject);
  asked.once('upgrade', (_: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (head.length > 0) socket.unshift(head);
    resolve(socket);
  });
  asked.once('response', (response) => {
    response.resume();
    reject(new StatusError('InternalError', `the runtime refused the session: ${response.statusCode ?? 0}`));
  });
  asked.end();
  return await promise;
}

class SpdySession implements StreamSocket {
  readonly protocol = protocol;
  readonly messages: AsyncIterable<Buffer>;
  readonly #socket: Duplex;
  readonly #ids: ReadonlyMap<StreamName, number>;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  /** Streams of the peer that have not ended yet. */
  readonly #open: Set<number>;

  constructor(socket: Duplex, ids: ReadonlyMap<StreamName, number>, signal: AbortSignal) {
    this.#socket = socket;
    this.#ids = ids;
    this.#open = new Set([...ids].flatMap(([name, id]) => (name === 'stdin' || name === 'resize' ? [] : [id])));
    const reader = new FrameReader();
    const abortLink = onAbort(signal, () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const frame of reader.push(bytes)) this.#take(frame);
      } catch (err) {
        socket.destroy(err as Error);
      }
    });
    socket.once('error', () => this.#end());
    socket.once('close', () => {
      abortLink[Symbol.dispose]();
      this.#end();
    });
    this.messages = this.#read();
  }

  #take(frame: Frame): void {
    if (frame.kind === 'control') {
      this.#control(frame.type, frame.payload);
      return;
    }
    const name = [...this.#ids].find(([, id]) => id === frame.stream)?.[0];
    if (name === undefined) return;
    if (frame.data.length > 0) this.#deliver(Buffer.concat([Buffer.from([channels[name]]), frame.data]));
    if (frame.fin) this.#finished(frame.stream);
  }

  #control(type: number, payload: Buffer): void {
    if (type === controlTypes.ping) this.#socket.write(controlFrame(controlTypes.ping, 0, payload));
    if (type === controlTypes.rstStream) this.#finished(payload.readUInt32BE(0) & 0x7fffffff);
    if (type === controlTypes.goAway) this.#end();
  }

  /** Over when the peer has ended all it says: output, errors and how the command ended. */
  #finished(stream: number): void {
    this.#open.delete(stream);
    if (this.#open.size === 0) this.#end();
  }

  #deliver(message: Buffer): void {
    this.#queue.push(message);
    this.#queuedBytes += message.length;
    if (this.#queuedBytes > maxUnreadBytes) this.#socket.pause();
    this.#wake?.();
  }

  #end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *#read(): AsyncGenerator<Buffer> {
    for (;;) {
      const message = this.#queue.shift();
      if (message) {
        this.#queuedBytes -= message.length;
        if (this.#queuedBytes <= maxUnreadBytes) this.#socket.resume();
        yield message;
      } else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async send(message: Uint8Array): Promise<void> {
    const [channel = closeChannel] = message;
    const closes = channel === closeChannel;
    const name = nameOf(closes ? (message[1] ?? 0) : channel);
    const id = name && this.#ids.get(name);
    if (id === undefined || this.#socket.destroyed) return;
    const frame = dataFrame(id, closes ? Buffer.alloc(0) : message.subarray(1), closes);
    if (this.#socket.write(frame)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#socket.off('drain', go);
        this.#socket.off('close', go);
        resolve();
      };
      this.#socket.on('drain', go);
      this.#socket.on('close', go);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

function nameOf(channel: number): StreamName | undefined {
  return (Object.keys(channels) as StreamName[]).find((name) => channels[name] === channel);
}
