import { onAbort } from '@kubephant/base';
import { failureOf } from '@kubephant/client';
import { Budget, newInbox, type MessageSocket } from '@kubephant/serving';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { tlsOptions, type TlsConfig } from './server-config';

export interface DialOptions {
  readonly signal: AbortSignal;
  readonly tls?: TlsConfig;
  readonly headers?: Readonly<Record<string, string>>;
  readonly handshakeTimeoutMs?: number;
}

/** A session that we opened, and so have to end. */
export interface DialedSocket extends MessageSocket {
  /** Says goodbye; the socket is cut if the other side does not answer. */
  close(code?: number, reason?: string): void;
}

const maxMessageBytes = 32 * 1024 * 1024;
/** Received messages that nobody has taken yet; beyond it the socket is paused. */
const maxQueuedBytes = 1024 * 1024;

/**
 * Opens a WebSocket under one of `protocols` (none: without a subprotocol). `url` may be ws, wss, http or https. Rejects
 * with the server's StatusError when it refuses the upgrade. The session ends when the signal aborts.
 */
export async function dialWebSocket(
  url: string | URL,
  protocols: readonly string[],
  { signal, tls = {}, headers = {}, handshakeTimeoutMs = 30_000 }: DialOptions,
): Promise<DialedSocket> {
  signal.throwIfAborted();
  const socket = new WebSocket(url, [...protocols], {
    ...tlsOptions(tls),
    headers: { ...headers },
    handshakeTimeout: handshakeTimeoutMs,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const abortLink = onAbort(signal, () => socket.terminate());
  socket.once('close', () => abortLink[Symbol.dispose]());
  const session = newSession(socket);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('open', () => resolve(undefined));
  socket.on('error', reject);
  socket.once('close', () => reject(new Error('the connection was closed before the handshake was done')));
  socket.once('unexpected-response', (req: ClientRequest, res: IncomingMessage) => {
    const body = res as AsyncIterable<Uint8Array>;
    failureOf({ status: res.statusCode ?? 500, headers: new Map(), body })
      .then(reject, reject)
      .finally(() => req.destroy());
  });
  await promise;
  return session;
}

function newSession(socket: WebSocket): DialedSocket {
  const ended = new AbortController();
  const messages = newInbox(new Budget(maxQueuedBytes));
  socket.on('message', (data: Buffer) => {
    if (messages.push(data)) return;
    socket.pause();
    void messages.room().then(() => socket.resume());
  });
  socket.once('close', () => {
    ended.abort();
    messages.end();
  });

  return {
    get protocol() {
      return socket.protocol;
    },
    messages,
    signal: ended.signal,
    async send(data, text = false) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      socket.send(data, { binary: !text }, (err) => (err ? reject(err) : resolve(undefined)));
      await promise;
    },
    close: (code = 1000, reason = '') => socket.close(code, reason),
  };
}
