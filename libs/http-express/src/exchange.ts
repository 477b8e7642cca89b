import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { constants, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { IncomingHttpHeaders as Http2Headers, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Router } from 'express';
import type { Logger } from '@kubephant/base';
import { statusReply, type Handler, type Incoming, type Reply } from '@kubephant/serving';
import { isApiPath, newExpressApp } from './express-app';
import { HttpIncoming } from './incoming';
import { peerOf, peerOfSession } from './peer';
import {
  newUpgrader,
  offeredProtocols,
  serveSocket,
  serveStreamSocket,
  streamSocketRefusal,
  type Accept,
} from './websocket';
import { serveTunnel } from './tunnel';
import { joinedFrames, lastChunk, newChunking, type Chunking } from './chunks';
import { writeReply, type Outlet, type WriteOptions } from './write';

export interface ExchangeOptions extends WriteOptions {
  readonly log: Logger;
  readonly maxBodyBytes: number;
  readonly routes?: Router;
}

/** Takes requests of each protocol to the handler and its replies back. */
export interface Exchange {
  readonly http1: (req: IncomingMessage, res: ServerResponse) => void;
  readonly http2: (stream: ServerHttp2Stream, headers: Http2Headers) => void;
  /** `plain` makes a response on the socket, for upgrades that are answered like any other request. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, plain: () => ServerResponse): void;
}

export function newExchange(handler: Handler<Incoming>, options: ExchangeOptions): Exchange {
  const { log, maxBodyBytes, routes } = options;
  const upgrader = newUpgrader();
  const chunking = newChunking();

  const answer = async (req: Incoming, outlet: Outlet): Promise<void> => {
    try {
      await writeReply(req, outlet, await replyOf(handler, req), options);
    } catch (err) {
      // The head is out already, so the client can only be told by breaking off.
      outlet.destroy();
      log.error('answer broken off', err, { method: req.method, path: req.url.pathname });
    }
  };
  const http1 = (req: IncomingMessage, res: ServerResponse): void =>
    void answer(incomingOf(req, res, maxBodyBytes), http1Outlet(res, chunking));
  const http2 = (stream: ServerHttp2Stream, headers: Http2Headers): void =>
    void answer(http2Incoming(stream, headers, maxBodyBytes), http2Outlet(stream));

  const express1 = newExpressApp('http1', http1, routes);
  const express2 = newExpressApp(
    'http2',
    (req) => {
      const { stream, headers } = req as unknown as Http2ServerRequest;
      http2(stream, headers);
    },
    routes,
  );

  return {
    http1: (req, res) => (isApiPath(req.url ?? '/') ? http1(req, res) : express1(req, res)),
    http2: (stream, headers) => {
      stream.on('error', () => stream.destroy());
      if (isApiPath(headers[':path'] ?? '/')) {
        http2(stream, headers);
        return;
      }
      const req = new Http2ServerRequest(stream, headers, {}, []);
      express2(req as unknown as IncomingMessage, new Http2ServerResponse(stream) as unknown as ServerResponse);
    },
    upgrade(raw, socket, head, plain) {
      const upgrade = offeredProtocols(raw);
      const upgradeTo = raw.headers.upgrade;
      const req = new HttpIncoming({
        ...rawOf(raw, maxBodyBytes),
        writable: socket,
        ...(upgrade && { upgrade }),
        ...(upgradeTo !== undefined && { upgradeTo }),
      });
      const accept = upgrade && upgrader.accept(raw, socket, head);
      const finish = upgraded(req, { accept, socket, head, answer: () => http1Outlet(plain(), chunking) }, options);
      replyOf(handler, req)
        .then(finish)
        .catch((err: unknown) => {
          socket.destroy();
          if (!req.signal.aborted) log.error('session broken off', err, { path: req.url.pathname });
        });
    },
  };
}

/** A handler that throws has no `withStatus` around it; its error still becomes an answer. */
async function replyOf(handler: Handler<Incoming>, req: Incoming): Promise<Reply> {
  if (malformedEscape.test(req.url.pathname)) return badRequestText;
  try {
    return await handler(req);
  } catch (err) {
    return statusReply(err);
  }
}

/** A target that is no URL never comes to the API: Go's server answers it. */
const malformedEscape = /%(?![0-9a-f]{2})/i;
const badRequestText: Reply = {
  kind: 'bytes',
  status: 400,
  contentType: 'text/plain; charset=utf-8',
  chunks: [Buffer.from('400 Bad Request')],
};

interface Upgrade {
  readonly accept: Accept | undefined;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
  /** For upgrades that are answered like any other request. */
  readonly answer: () => Outlet;
}

function upgraded(req: Incoming, { accept, socket, head, answer }: Upgrade, options: WriteOptions) {
  return async (reply: Reply): Promise<void> => {
    if (reply.kind === 'tunnel') return serveTunnel(socket, head, reply);
    if (accept && reply.kind === 'socket') return serveSocket(accept, reply);
    if (!accept || reply.kind !== 'stream') return writeReply(req, answer(), reply, options);
    const refusal = streamSocketRefusal(req);
    if (refusal) {
      req.cancel?.(new Error('handshake refused'));
      const { status, text, headers } = refusal;
      const refused: Reply = { kind: 'bytes', status, contentType: '', chunks: [Buffer.from(text)], headers };
      return writeReply(req, answer(), refused, options);
    }
    const accepted = await accept(req.upgrade?.[0] ?? '');
    return serveStreamSocket(accepted, socket, { req, reply }, options);
  };
}

const rawOf = (req: IncomingMessage, maxBodyBytes: number) => ({
  method: req.method ?? 'GET',
  target: req.url ?? '/',
  headers: req.headers,
  readable: req,
  peer: peerOf(req.socket),
  maxBodyBytes,
});

const incomingOf = (req: IncomingMessage, res: ServerResponse, maxBodyBytes: number): HttpIncoming =>
  new HttpIncoming({ ...rawOf(req, maxBodyBytes), writable: res });

function http2Incoming(stream: ServerHttp2Stream, headers: Http2Headers, maxBodyBytes: number): HttpIncoming {
  return new HttpIncoming({
    method: headers[':method'] ?? 'GET',
    target: headers[':path'] ?? '/',
    headers,
    readable: stream,
    writable: stream,
    peer: peerOfSession(stream.session),
    maxBodyBytes,
  });
}

/** Up to here copying a body costs less than a second write. */
const oneWriteBytes = 16 * 1024;

function http1Outlet(res: ServerResponse, chunkOf: Chunking): Outlet {
  let chunked = false;
  return {
    writable: res,
    head(status, headers, bodyless) {
      res.writeHead(status, headers);
      if (bodyless) res.end();
      else if (headers['content-length'] === undefined) res.flushHeaders();
    },
    end(body) {
      // Node sends a string in one piece with the head, but a Buffer as a second write; latin1 keeps the bytes.
      if (body.length <= oneWriteBytes) res.end(body.toString('latin1'), 'latin1');
      else res.end(body);
    },
    frames(frames) {
      // Node would write every chunk in three parts; ours is one, and the same one for all watchers of an event.
      if (res.chunkedEncoding) {
        chunked = true;
        res.chunkedEncoding = false;
      }
      const bytes = chunked ? chunkOf(frames) : joinedFrames(frames);
      return bytes.length === 0 || res.write(bytes);
    },
    endFrames() {
      if (chunked) res.end(lastChunk);
      else res.end();
    },
    destroy: () => res.destroy(),
  };
}

function http2Outlet(stream: ServerHttp2Stream): Outlet {
  return {
    writable: stream,
    head(status: number, headers: OutgoingHttpHeaders, endStream: boolean) {
      if (!stream.destroyed) stream.respond({ ...headers, ':status': status }, { endStream });
    },
    end: (body) => stream.end(body),
    frames: (frames) => stream.write(joinedFrames(frames)),
    endFrames: () => stream.end(),
    destroy: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  };
}
