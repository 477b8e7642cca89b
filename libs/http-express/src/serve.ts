import { createServer, ServerResponse, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Router } from 'express';
import { onAbort, silent, type Logger } from '@kubephant/base';
import type { Handler, Incoming } from '@kubephant/serving';
import { newExchange, type Exchange } from './exchange';
import { answerStrangers } from './strangers';
import { newTlsServer, type TlsOptions } from './tls';

export interface ServeOptions {
  /** Default: loopback. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain HTTP/1.1. */
  readonly tls?: TlsOptions;
  /** Express routes for paths outside /api and /apis, asked before the handler. */
  readonly routes?: Router;
  readonly log?: Logger;
  /** Larger bodies are refused with 413. Default: 3 MiB. */
  readonly maxBodyBytes?: number;
  /** How long a client may leave an answer unread before it is cut off. Default: 30 s. */
  readonly stallMs?: number;
  /** How long requests in flight may take to end after the abort. Default: 10 s. */
  readonly drainMs?: number;
}

export interface RunningServer {
  readonly port: number;
  readonly host: string;
  /** Resolves when every connection is closed; never rejects. */
  readonly closed: Promise<void>;
}

/** Limits on connections that a client may hold without asking anything. */
const limits = { headersTimeout: 32_000, requestTimeout: 120_000, keepAliveTimeout: 90_000, maxHeaderSize: 64 * 1024 };
const http2Settings = { maxConcurrentStreams: 250, initialWindowSize: 262_144, maxFrameSize: 262_144 };

/**
 * Listens, then serves until the signal aborts: new connections are refused, streams end, requests in flight finish
 * (or are cut off after `drainMs`). Rejects when it cannot listen.
 */
export async function serve(
  handler: Handler<Incoming>,
  options: ServeOptions,
  signal: AbortSignal,
): Promise<RunningServer> {
  const { host = '127.0.0.1', port, tls, log = silent, drainMs = 10_000 } = options;
  const exchange = newExchange(handler, {
    log,
    stopping: signal,
    stallMs: options.stallMs ?? 30_000,
    maxBodyBytes: options.maxBodyBytes ?? 3 * 1024 * 1024,
    ...(options.routes && { routes: options.routes }),
  });
  const http2 = newHttp2(exchange);
  const server = tls
    ? newTlsServer(tls, limits, { request: exchange.http1, http2: http2.server })
    : createServer(limits, exchange.http1);
  onUpgrade(server, exchange);
  const sockets = trackSockets(server);
  answerStrangers(server, sockets);
  await listen(server, host, port);
  const closed = untilClosed(server, signal, () => {
    http2.stop();
    if (sockets.size === 0) return;
    const cutOff = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, drainMs);
    server.once('close', () => clearTimeout(cutOff));
  });
  return { port: (server.address() as AddressInfo).port, host, closed };
}

function listen(server: HttpServer, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen({ host, port, backlog: 1024 }, () => {
    server.off('error', reject);
    resolve(undefined);
  });
  return promise;
}

async function untilClosed(server: HttpServer, signal: AbortSignal, onStop: () => void): Promise<void> {
  const closed = Promise.withResolvers<undefined>();
  server.once('close', () => closed.resolve(undefined));
  using _ = onAbort(signal, () => {
    server.close();
    server.closeIdleConnections();
    onStop();
  });
  await closed.promise;
}

/** All connections, so that none outlives the server. Dead peers are found by TCP keep-alive. */
function trackSockets(server: HttpServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.once('close', () => sockets.delete(socket));
    // Resets and garbage end the connection; there is nobody to tell.
    socket.on('error', () => socket.destroy());
  });
  return sockets;
}

function newHttp2(exchange: Exchange): { readonly server: Http2Server; stop(): void } {
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2({ settings: http2Settings });
  server.on('stream', exchange.http2);
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  return {
    server,
    stop() {
      for (const session of sessions) session.close();
    },
  };
}

function onUpgrade(server: HttpServer, exchange: Exchange): void {
  server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    exchange.upgrade(req, socket, head, () => {
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.once('finish', () => socket.end());
      return res;
    });
  });
}
