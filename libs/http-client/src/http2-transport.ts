import { once } from 'node:events';
import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { onAbort } from '@kubephant/base';
import type { TransportRequest, TransportResponse } from '@kubephant/client';
import type { HttpTransport, HttpTransportOptions } from './https-transport';
import { tlsOptions, type ServerConfig } from './server-config';

/** The server speaks TLS but not HTTP/2. */
export class NoHttp2 extends Error {
  override readonly name = 'NoHttp2';
}

/** Flow-control windows: a list of many megabytes must not wait for acknowledgements. */
const streamWindow = 4 * 1024 * 1024;
const connectionWindow = 16 * 1024 * 1024;

/**
 * HTTP/2 over one connection, opened when needed and opened anew after it was lost. A server that falls silent is pinged;
 * without an answer the connection is given up and every exchange on it fails. Rejects with NoHttp2 when the server does
 * not offer it.
 */
export function newHttp2Transport(config: ServerConfig, options: HttpTransportOptions = {}): HttpTransport {
  const base = new URL(config.server);
  const connection = new Connection(config, base, options);
  return {
    host: base.host,
    close: () => connection.close(),
    async send(request) {
      const token = request.headers?.['authorization'] ? undefined : await config.token?.();
      const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) };
      const authorized = { ...request, path: base.pathname.replace(/\/$/, '') + request.path, headers };
      const session = await connection.get();
      try {
        return await exchange(session, authorized);
      } catch (err) {
        // The connection was ending when the request was put on it, and the server did not take it.
        const isLost = session.closed || session.destroyed;
        if (request.signal.aborted || !(err instanceof NotTaken) || !isLost || request.method !== 'GET') throw err;
        return await exchange(await connection.get(), authorized);
      }
    },
  };
}

class Connection {
  readonly #config: ServerConfig;
  readonly #base: URL;
  readonly #timeouts: Required<Pick<HttpTransportOptions, 'connectTimeoutMs' | 'idleMs' | 'probeTimeoutMs'>>;
  readonly #open = new Set<ClientHttp2Session>();
  #session: Promise<ClientHttp2Session> | undefined;
  #closed = false;

  constructor(
    config: ServerConfig,
    base: URL,
    { connectTimeoutMs = 10_000, idleMs = 10_000, probeTimeoutMs = 5000 }: HttpTransportOptions,
  ) {
    this.#config = config;
    this.#base = base;
    this.#timeouts = { connectTimeoutMs, idleMs, probeTimeoutMs };
  }

  get(): Promise<ClientHttp2Session> {
    if (this.#session) return this.#session;
    const opening = this.#connect();
    this.#session = opening;
    const forget = (): void => {
      if (this.#session === opening) this.#session = undefined;
    };
    opening.then((session) => {
      session.once('close', forget);
      // It takes no new requests from now on; those under way may end.
      session.once('goaway', forget);
    }, forget);
    return opening;
  }

  close(): void {
    this.#closed = true;
    for (const session of this.#open) session.destroy();
  }

  async #connect(): Promise<ClientHttp2Session> {
    const socket = await dial(this.#base, this.#config, this.#timeouts.connectTimeoutMs);
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      throw new NoHttp2(`${this.#base.host} does not speak HTTP/2`);
    }
    const settings = { initialWindowSize: streamWindow, enablePush: false };
    if (this.#closed) socket.destroy();
    const session = connectHttp2(this.#base, { createConnection: () => socket, settings });
    // What ends a session is told to its exchanges.
    session.on('error', () => undefined);
    this.#open.add(session);
    session.once('close', () => this.#open.delete(session));
    session.once('connect', () => session.setLocalWindowSize(connectionWindow));
    session.setTimeout(this.#timeouts.idleMs);
    session.on('timeout', () => this.#probe(session));
    return session;
  }

  /** Nothing was heard for a while: is anybody there? */
  #probe(session: ClientHttp2Session): void {
    if (session.closed || session.destroyed) return;
    const timer = setTimeout(
      () => session.destroy(new Error('the server does not answer any more')),
      this.#timeouts.probeTimeoutMs,
    );
    session.ping((err) => {
      clearTimeout(timer);
      if (session.destroyed) return;
      if (err) session.destroy(err);
      else session.setTimeout(this.#timeouts.idleMs);
    });
  }
}

async function dial(base: URL, { tls }: ServerConfig, timeoutMs: number): Promise<TLSSocket> {
  const host = base.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connectTls({
    host,
    port: Number(base.port || 443),
    ALPNProtocols: ['h2', 'http/1.1'],
    ...tlsOptions(tls),
  });
  const late = Object.assign(new Error('the connection was not made in time'), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => socket.destroy(late), timeoutMs);
  try {
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    return socket;
  } finally {
    clearTimeout(timer);
  }
}

/** The exchange failed before the server had answered anything. */
class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

async function exchange(session: ClientHttp2Session, request: TransportRequest): Promise<TransportResponse> {
  const { method, path, query, headers = {}, body, signal } = request;
  signal.throwIfAborted();
  const target = query ? `${path}?${query.toString()}` : path;
  const stream = open(session, { ...headers, ':method': method, ':path': target }, body === undefined);
  const link = onAbort(signal, () => stream.close(constants.NGHTTP2_CANCEL));
  stream.once('close', () => link[Symbol.dispose]());
  const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders & { readonly ':status'?: number }>();
  const failed = (cause?: unknown): void => {
    if (signal.aborted) reject(signal.reason as Error);
    else reject(new NotTaken(messageOf(cause), { cause }));
  };
  stream.once('response', resolve);
  stream.on('error', failed);
  stream.once('close', failed);
  if (body !== undefined) stream.end(body);
  const answered = await promise;
  return { status: answered[':status'] ?? 0, headers: headersOf(answered), body: bodyOf(stream, signal) };
}

function open(session: ClientHttp2Session, headers: Record<string, string>, endStream: boolean): ClientHttp2Stream {
  try {
    return session.request(headers, { endStream });
  } catch (err) {
    throw new NotTaken(messageOf(err), { cause: err });
  }
}

const messageOf = (err: unknown): string =>
  err instanceof Error ? err.message : 'the connection was closed before an answer came';

/** The body; a stream that did not end as it should is an error, and when we ended it ourselves, the caller's reason. */
async function* bodyOf(stream: ClientHttp2Stream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (err) {
    signal.throwIfAborted();
    // Node calls it premature when the stream was closed in the same turn in which its end was read.
    if (!stream.readableEnded || stream.rstCode) throw err;
  }
  signal.throwIfAborted();
  if (stream.rstCode) throw new Error(`the server cut the answer (HTTP/2 code ${stream.rstCode})`);
}

function headersOf(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const named = Object.entries(headers).filter(([name, value]) => !name.startsWith(':') && value !== undefined);
  return new Map(named.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
