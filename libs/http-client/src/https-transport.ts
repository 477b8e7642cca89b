import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onAbort } from '@kubephant/base';
import type { Transport, TransportRequest, TransportResponse } from '@kubephant/client';
import { newLiveness, type Liveness } from './liveness';
import { tlsOptions, type ServerConfig } from './server-config';

export interface HttpTransportOptions {
  /** Longest time until a connection stands, TLS included. */
  readonly connectTimeoutMs?: number;
  /** Silence on an exchange after which the server is probed; a probe that fails ends the exchange. */
  readonly idleMs?: number;
  readonly probeTimeoutMs?: number;
  /** At most this many connections at a time; more exchanges wait. Default: no limit, for each stream needs one. */
  readonly maxConnections?: number;
}

/** A Transport over kept-alive connections to one server. */
export interface HttpTransport extends Transport {
  /** `host:port`, as metrics name it. */
  readonly host: string;
  /** Ends every connection; exchanges under way fail. */
  close(): void;
}

/** Free connections kept for the next request. */
const maxFreeSockets = 32;
/** A free connection is closed after this long: sooner than servers and load balancers forget it. */
const freeSocketMs = 30_000;
/** Errors of a kept connection that the server closed at the moment it was used again. */
const staleErrors = new Set(['ECONNRESET', 'EPIPE']);

/**
 * HTTP/1.1, one connection per exchange at a time: a restart of the server ends each stream at once, and nothing has to be
 * multiplexed. Bodies stream; aborting the request's signal at any time ends the exchange.
 */
export function newHttpTransport(config: ServerConfig, options: HttpTransportOptions = {}): HttpTransport {
  const { connectTimeoutMs = 10_000, idleMs = 10_000, probeTimeoutMs = 5000 } = options;
  const wire = newWire(config, connectTimeoutMs, options.maxConnections);
  const liveness = newLiveness({ idleMs, probe: () => probe(wire, probeTimeoutMs) });
  return {
    host: wire.base.host,
    close: () => wire.agent.destroy(),
    async send(request) {
      const token = request.headers?.['authorization'] ? undefined : await config.token?.();
      const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) };
      const authorized = { ...request, headers };
      try {
        return await exchange(wire, authorized, liveness);
      } catch (err) {
        if (request.method !== 'GET' || !(err instanceof StaleConnection)) throw err;
        return await exchange(wire, authorized, liveness);
      }
    },
  };
}

/** Where requests go and over which pool. */
interface Wire {
  readonly base: URL;
  readonly agent: HttpAgent;
  readonly connectTimeoutMs: number;
  request(
    path: string,
    options: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  ): ClientRequest;
}

class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function newWire({ server, tls }: ServerConfig, connectTimeoutMs: number, maxConnections = Infinity): Wire {
  const base = new URL(server);
  const pool = {
    keepAlive: true,
    keepAliveMsecs: 15_000,
    maxSockets: maxConnections,
    maxFreeSockets: Math.min(maxFreeSockets, maxConnections),
    timeout: freeSocketMs,
    scheduling: 'lifo',
  } as const;
  const secure = base.protocol === 'https:';
  if (!secure && base.protocol !== 'http:') throw new Error(`the server ${JSON.stringify(server)} is not an HTTP URL`);
  const agent = secure ? new HttpsAgent({ ...pool, ...tlsOptions(tls) }) : new HttpAgent(pool);
  const send = secure ? httpsRequest : httpRequest;
  const prefix = base.pathname.replace(/\/$/, '');
  const target = { hostname: base.hostname.replace(/^\[(.*)\]$/, '$1'), port: base.port || (secure ? 443 : 80), agent };
  return {
    base,
    agent,
    connectTimeoutMs,
    request: (path, { method, headers }) => send({ ...target, path: prefix + path, method, headers }),
  };
}

async function exchange(wire: Wire, request: TransportRequest, liveness: Liveness): Promise<TransportResponse> {
  const { method, path, query, headers = {}, body, signal } = request;
  signal.throwIfAborted();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const req = wire.request(query ? `${path}?${query.toString()}` : path, {
    method,
    headers: { ...headers, ...length },
  });
  const ends = new DisposableStack();
  let cutBy: Error | undefined;
  const cut = (err: Error): void => void req.destroy((cutBy = err));
  ends.use(onAbort(signal, () => cut(asError(signal.reason))));
  req.once('close', () => ends.dispose());
  req.once('socket', (socket: Socket) => {
    ends.use(limitConnecting(socket, wire.connectTimeoutMs));
    ends.use(liveness.watch(socket, cut));
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  req.once('response', resolve);
  req.on('error', (err: NodeJS.ErrnoException) =>
    reject(
      req.reusedSocket && staleErrors.has(err.code ?? '') ? new StaleConnection(err.message, { cause: err }) : err,
    ),
  );
  req.end(body);
  const res = await promise;
  liveness.heard();
  return { status: res.statusCode ?? 0, headers: headersOf(res), body: bodyOf(res, () => cutBy) };
}

/** Fails a new connection that does not stand in time. */
function limitConnecting(socket: Socket, timeoutMs: number): Disposable {
  const isNew = socket.connecting || (socket instanceof TLSSocket && socket.getProtocol() === null);
  if (!isNew) return { [Symbol.dispose]: () => undefined };
  const timer = setTimeout(
    () => socket.destroy(Object.assign(new Error('the connection was not made in time'), { code: 'ETIMEDOUT' })),
    timeoutMs,
  );
  const stop = (): void => clearTimeout(timer);
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', stop);
  return { [Symbol.dispose]: stop };
}

/** The body; when we cut it ourselves, the error says why. */
async function* bodyOf(res: IncomingMessage, cutBy: () => Error | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of res) yield chunk as Buffer;
  } catch (err) {
    throw cutBy() ?? err;
  }
}

function headersOf(res: IncomingMessage): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(res.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

async function probe(wire: Wire, timeoutMs: number): Promise<void> {
  const req = wire.request('/livez', { method: 'GET', headers: {} });
  const timer = setTimeout(() => req.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    req.once('response', resolve);
    req.on('error', reject);
    req.end();
    (await promise).resume();
  } finally {
    clearTimeout(timer);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
