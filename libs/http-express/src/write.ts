import type { OutgoingHttpHeaders } from 'node:http';
import { constants, createGzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Writable } from 'node:stream';
import { encodeJson, statusReply, type Incoming, type Reply } from '@kubephant/serving';
import { badRequest } from '@kubephant/api';
import { isAbortError } from '@kubephant/base';
import { newGate } from './gate';

/** One answer on its way: an HTTP/1.1 response or an HTTP/2 stream. */
export interface Outlet {
  readonly writable: Writable;
  /** Sends the head; `bodyless` ends the answer with it. */
  head(status: number, headers: OutgoingHttpHeaders, bodyless: boolean): void;
  /** Writes a whole body and ends the answer. */
  end(body: Buffer): void;
  /** Writes frames of a stream, together; false when the writable is full. */
  frames(frames: readonly Uint8Array[]): boolean;
  /** Ends a stream of frames. */
  endFrames(): void;
  /** Breaks the answer off, visibly for the client. */
  destroy(): void;
}

export interface WriteOptions {
  /** How long a client may leave what is written unread. */
  readonly stallMs: number;
  /** Ends streams when the server stops. */
  readonly stopping: AbortSignal;
}

type BytesReply = Extract<Reply, { kind: 'bytes' }>;
type StreamReply = Extract<Reply, { kind: 'stream' }>;

/** Answers of more bytes than this are compressed for clients that ask, as upstream does. */
const gzipAbove = 128 * 1024;
/** Large answers leave in pieces of about this size: few writes, little memory ahead of the socket. */
const sliceBytes = 256 * 1024;

export async function writeReply(req: Incoming, outlet: Outlet, reply: Reply, options: WriteOptions): Promise<void> {
  switch (reply.kind) {
    case 'object': {
      const { status, headers = {}, body } = reply;
      const chunks = [encodeJson(body)];
      return writeBytes(
        req,
        outlet,
        { kind: 'bytes', status, contentType: 'application/json', chunks, headers },
        options,
      );
    }
    case 'bytes':
      return writeBytes(req, outlet, reply, options);
    case 'stream':
      return writeStream(req, outlet, reply, options);
    case 'socket':
    case 'tunnel':
      return writeReply(req, outlet, statusReply(badRequest('Upgrade request required')), options);
  }
}

async function writeBytes(req: Incoming, outlet: Outlet, reply: BytesReply, options: WriteOptions): Promise<void> {
  const { status, chunks, contentType } = reply;
  const size = sizeOf(chunks);
  const headers: OutgoingHttpHeaders = {
    ...(contentType !== '' && { 'content-type': contentType }),
    ...(reply.headers as OutgoingHttpHeaders),
  };
  if (req.method === 'HEAD' || status === 304 || status === 204) {
    outlet.head(status, headers, true);
    return;
  }
  if (size > gzipAbove && !headers['content-encoding'] && acceptsGzip(req)) {
    return writeCompressed(outlet, reply, headers, options);
  }
  headers['content-length'] = size;
  outlet.head(status, headers, false);
  if (size <= sliceBytes) outlet.end(joined(chunks, size));
  else await writeSlices(outlet, slices(chunks), options);
}

function joined(chunks: readonly Uint8Array[], size: number): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(chunks, size);
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  let size = 0;
  for (const chunk of chunks) size += chunk.length;
  return size;
}

const gzipped = promisify<Uint8Array, { level: number }, Buffer>(gzip);
const fastest = { level: constants.Z_BEST_SPEED };

async function writeCompressed(
  outlet: Outlet,
  { status, chunks }: BytesReply,
  headers: OutgoingHttpHeaders,
  options: WriteOptions,
): Promise<void> {
  headers['content-encoding'] = 'gzip';
  headers['vary'] = 'Accept-Encoding';
  const [only] = chunks;
  if (only && chunks.length === 1) {
    const body = await gzipped(only, fastest);
    headers['content-length'] = body.length;
    outlet.head(status, headers, false);
    return writeSlices(outlet, slices([body]), options);
  }
  outlet.head(status, headers, false);
  const compressor = createGzip(fastest);
  const feed = writeSlices(
    { ...outlet, writable: compressor, destroy: () => compressor.destroy() },
    slices(chunks),
    options,
  );
  await Promise.all([feed, writeSlices(outlet, compressor as AsyncIterable<Buffer>, options)]);
}

/** The chunks regrouped, so that a list of many small objects is few writes. Large chunks are cut, never copied. */
function* slices(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  let group: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    if (size + chunk.length > sliceBytes && size > 0) {
      yield Buffer.concat(group, size);
      group = [];
      size = 0;
    }
    if (chunk.length > sliceBytes) {
      for (let at = 0; at < chunk.length; at += sliceBytes) yield chunk.subarray(at, at + sliceBytes);
    } else {
      group.push(chunk);
      size += chunk.length;
    }
  }
  if (size > 0) yield Buffer.concat(group, size);
}

type Outflow = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function writeSlices(
  outlet: Pick<Outlet, 'writable' | 'destroy'>,
  body: Outflow,
  { stallMs }: WriteOptions,
): Promise<void> {
  const { writable } = outlet;
  using gate = newGate(writable, stallMs);
  for await (const slice of body) {
    if (!writable.write(slice) && !(await gate.opened())) {
      outlet.destroy();
      return;
    }
  }
  writable.end();
}

/**
 * Writes items as they come and pulls no further ones while the client does not read: what waits then waits in the
 * producer's own bounded queue. A client that reads nothing for `stallMs` is cut off.
 */
async function writeStream(req: Incoming, outlet: Outlet, reply: StreamReply, options: WriteOptions): Promise<void> {
  const { writable } = outlet;
  const bodyless = req.method === 'HEAD';
  outlet.head(reply.status, { 'content-type': reply.contentType, ...(reply.headers as OutgoingHttpHeaders) }, bodyless);
  const items = reply.chunks[Symbol.asyncIterator]();
  using gate = newGate(writable, options.stallMs, options.stopping);
  try {
    while (!bodyless) {
      const item = await gate.unlessClosed(items.next());
      if (!item || item.done) break;
      if (item.value.length > 0 && !outlet.frames(item.value) && !(await gate.opened())) {
        outlet.destroy();
        return;
      }
    }
    if (!bodyless) outlet.endFrames();
  } catch (err) {
    outlet.destroy();
    if (!writable.closed) throw err;
  } finally {
    await close(req, items);
  }
}

/** Ends the producer. It may be in the middle of a wait that only the request's signal ends, so that is aborted first. */
async function close(req: Incoming, items: AsyncIterator<unknown>): Promise<void> {
  req.cancel?.(new StreamEnded());
  try {
    await items.return?.();
  } catch (err) {
    if (!isAbortError(err)) throw err;
  }
}

class StreamEnded extends Error {
  override readonly name = 'AbortError';

  constructor() {
    super('the answer has ended');
  }
}

function acceptsGzip({ headers }: Incoming): boolean {
  const accepted = headers.get('accept-encoding');
  if (!accepted) return false;
  return accepted.split(',').some((part) => {
    const [coding, ...parameters] = part.split(';').map((text) => text.trim());
    return coding === 'gzip' && !parameters.some((text) => /^q=0(\.0*)?$/.test(text));
  });
}
