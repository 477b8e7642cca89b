import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Budget, newInbox, type Incoming, type MessageSocket, type Reply } from '@kubephant/serving';
import { newGate } from './gate';

/** Messages beyond this end the session: nothing in the API sends larger ones. */
const maxMessageBytes = 32 * 1024 * 1024;
/** Received messages that nobody has taken yet; beyond it the socket is paused. */
const maxQueuedBytes = 1024 * 1024;

type SocketReply = Extract<Reply, { kind: 'socket' }>;
type StreamReply = Extract<Reply, { kind: 'stream' }>;

/** Completes the WebSocket handshake; `protocol` is echoed when it is not empty. */
export type Accept = (protocol: string) => Promise<WebSocket>;

export interface Upgrader {
  accept(req: IncomingMessage, socket: Duplex, head: Buffer): Accept;
}

export function newUpgrader(): Upgrader {
  const chosen = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (_, req) => chosen.get(req) || false,
  });
  return {
    accept: (req, socket, head) => (protocol) => {
      chosen.set(req, protocol);
      const { promise, resolve } = Promise.withResolvers<WebSocket>();
      server.handleUpgrade(req, socket, head, resolve);
      return promise;
    },
  };
}

/** Subprotocols a client offers, or undefined when the request is no WebSocket upgrade. */
export function offeredProtocols({ headers, method }: IncomingMessage): readonly string[] | undefined {
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered
    .split(',')
    .map((protocol) => protocol.trim())
    .filter(Boolean);
}

export async function serveSocket(accept: Accept, reply: SocketReply): Promise<void> {
  const socket = await accept(reply.protocol);
  const session = newSession(socket, reply.protocol);
  try {
    await reply.serve(session);
    socket.close(1000);
  } catch (err) {
    socket.close(1011, reasonOf(err));
    throw err;
  }
}

/** A close frame has room for 123 bytes of reason. */
const reasonOf = (err: unknown): string =>
  err instanceof Error ? err.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 120) : '';

function newSession(socket: WebSocket, protocol: string): MessageSocket {
  const ended = new AbortController();
  const messages = newInbox(new Budget(maxQueuedBytes));
  socket.on('message', (data: Buffer) => {
    if (messages.push(data)) return;
    socket.pause();
    void messages.room().then(() => socket.resume());
  });
  // What went wrong on the wire ends the session like any other close.
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    ended.abort();
    messages.end();
  });

  return {
    protocol,
    messages,
    signal: ended.signal,
    send: (data, text = false) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      // A message that could not be sent is the same to the sender as one that was not read: `signal` tells.
      if (socket.readyState !== WebSocket.OPEN) resolve(undefined);
      else socket.send(data, { binary: !text }, () => resolve(undefined));
      return promise;
    },
  };
}

export interface StreamSocketOptions {
  readonly stallMs: number;
  readonly stopping: AbortSignal;
}

/** A watch over WebSocket: one message per frame, close code 1000 at its end. */
export async function serveStreamSocket(
  socket: WebSocket,
  raw: Duplex,
  { req, reply }: { readonly req: Incoming; readonly reply: StreamReply },
  { stallMs, stopping }: StreamSocketOptions,
): Promise<void> {
  const items = reply.chunks[Symbol.asyncIterator]();
  using gate = newGate(raw, stallMs, stopping);
  socket.on('error', () => socket.terminate());
  // Clients have nothing to say on a watch, but their close frame must be read.
  socket.on('message', () => undefined);
  try {
    for (;;) {
      const item = await gate.unlessClosed(items.next());
      if (!item || item.done) break;
      for (const frame of item.value) socket.send(frame, { binary: !reply.text });
      if (!(await gate.opened())) {
        socket.terminate();
        return;
      }
    }
    socket.close(1000);
  } catch (err) {
    socket.close(1011, reasonOf(err));
    throw err;
  } finally {
    req.cancel?.(new Error('the watch has ended'));
    await items.return?.();
  }
}

/** An answer to a handshake that is refused: a status, a text or none, and no word about its type. */
export interface HandshakeRefusal {
  readonly status: 400 | 403;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Upstream's rules for a watch over WebSocket: a key, version 13, an Origin (403 without), and at most one subprotocol,
 * which is echoed.
 */
export function streamSocketRefusal({ headers, upgrade }: Incoming): HandshakeRefusal | undefined {
  if (!headers.get('sec-websocket-key')) return refusal(400, 'mismatch challenge/response');
  if (headers.get('sec-websocket-version') !== '13') {
    return refusal(400, 'missing or bad WebSocket Version', { 'sec-websocket-version': '13' });
  }
  if (!headers.has('origin')) return refusal(403);
  return (upgrade?.length ?? 0) > 1 ? refusal(400) : undefined;
}

const refusal = (
  status: HandshakeRefusal['status'],
  text = '',
  headers: HandshakeRefusal['headers'] = {},
): HandshakeRefusal => ({ status, text, headers });
