import { onAbort } from '@kubephant/base';
import type { Transport, TransportRequest, TransportResponse } from '@kubephant/client';
import { encodeJson } from './encode';
import { statusReply } from './filters';
import type { ClientCertificate, Handler, Incoming, Reply } from './handler';

export interface InProcessOptions {
  /** Sent as `Authorization: Bearer` with requests that have no such header. */
  readonly token?: string;
  /** The certificate that a TLS client would have presented. */
  readonly clientCertificate?: ClientCertificate;
}

/** A client's way to a handler in the same process: no socket, the same requests and answers. */
export function newInProcessTransport(handler: Handler<Incoming>, options: InProcessOptions = {}): Transport {
  return {
    async send(request) {
      request.signal.throwIfAborted();
      const call = incomingOf(request, options);
      return responseOf(await replyOf(handler, call.incoming), () => call.done());
    },
  };
}

async function replyOf(handler: Handler<Incoming>, req: Incoming): Promise<Reply> {
  try {
    return await handler(req);
  } catch (err) {
    return statusReply(err);
  }
}

interface Call {
  readonly incoming: Incoming;
  /** Ends the request's signal, and its tie to the caller's. */
  done(): void;
}

function incomingOf(request: TransportRequest, { token, clientCertificate }: InProcessOptions): Call {
  const { method, path, query, headers, body = '', signal } = request;
  const fields = new Headers(headers);
  if (token && !fields.has('authorization')) fields.set('authorization', `Bearer ${token}`);
  const controller = new AbortController();
  const link = onAbort(signal, () => controller.abort(signal.reason));
  const search = query && query.size > 0 ? `?${query.toString()}` : '';
  const incoming: Incoming = {
    method,
    url: { pathname: path, search, searchParams: query ?? new URLSearchParams() },
    headers: fields,
    signal: controller.signal,
    cancel: (reason) => controller.abort(reason),
    remoteAddress: '127.0.0.1',
    body: async () => Buffer.from(body as Uint8Array),
    ...(clientCertificate && { clientCertificate }),
  };
  return {
    incoming,
    done() {
      link[Symbol.dispose]();
      controller.abort();
    },
  };
}

function responseOf(reply: Reply, done: () => void): TransportResponse {
  switch (reply.kind) {
    case 'object':
      return response(reply, { 'content-type': 'application/json' }, once([encodeJson(reply.body)], done));
    case 'bytes':
      return response(reply, { 'content-type': reply.contentType }, once(reply.chunks, done));
    case 'stream':
      return response(reply, { 'content-type': reply.contentType }, flat(reply.chunks, done));
    case 'socket':
    case 'tunnel':
      throw new TypeError('an in-process transport carries no sessions');
  }
}

function response(
  { status, headers = {} }: Pick<Extract<Reply, { kind: 'object' }>, 'status' | 'headers'>,
  own: Readonly<Record<string, string>>,
  body: AsyncIterable<Uint8Array>,
): TransportResponse {
  const fields = Object.entries({ ...own, ...headers }).map(
    ([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')] as const,
  );
  return { status, headers: new Map(fields), body };
}

async function* once(chunks: readonly Uint8Array[], done: () => void): AsyncGenerator<Uint8Array> {
  done();
  yield* chunks;
}

async function* flat(items: AsyncIterable<readonly Uint8Array[]>, done: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const item of items) yield* item;
  } finally {
    done();
  }
}
