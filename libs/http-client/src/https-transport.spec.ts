import { pods, newClient, type Transport } from '@kubephant/client';
import { newAuthority, type KeyPair } from '@kubephant/pki';
import { once } from 'node:events';
import { createSecureServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { newHttp2Transport } from './http2-transport';
import { newNegotiatingTransport } from './negotiate';
import { newHttpTransport, type HttpTransportOptions } from './https-transport';
import type { ServerConfig } from './server-config';

let authority: Awaited<ReturnType<typeof newAuthority>>;
let serving: KeyPair;
let identity: KeyPair;
beforeAll(async () => {
  authority = await newAuthority('test');
  serving = await authority.issue({ commonName: 'server', ips: ['127.0.0.1'], usages: ['server'] });
  identity = await authority.issue({ commonName: 'me', usages: ['client'] });
});

let open = new DisposableStack();
afterEach(() => {
  open.dispose();
  open = new DisposableStack();
});
const closeLater = (close: () => void): void => open.defer(close);

const port = (server: Server): number => (server.address() as AddressInfo).port;

async function listen(server: Server, at = 0): Promise<void> {
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
}

type Listener = (req: IncomingMessage, res: ServerResponse) => void;
type TlsServer = Server & { closeAllConnections(): void };
type Serve = (handler: Listener, at?: number) => Promise<TlsServer>;

const tlsServer =
  (version: 'h1' | 'h2'): Serve =>
  async (handler, at = 0) => {
    const tls = {
      cert: serving.certificate,
      key: serving.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
    };
    const server = version === 'h1' ? createHttpsServer(tls, handler) : createHttp2Server(tls, handler as never);
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await listen(server, at);
    return Object.assign(server, { closeAllConnections: () => sockets.forEach((socket) => socket.destroy()) });
  };
const serveTls = tlsServer('h1');

const config = (at: number): ServerConfig => ({
  server: `https://127.0.0.1:${at}`,
  tls: { certificateAuthority: authority.certificate, certificate: identity.certificate, key: identity.key },
});

type Make = (at: number, options?: HttpTransportOptions, more?: Partial<ServerConfig>) => Transport;

const maker =
  (make: typeof newHttpTransport): Make =>
  (at, options = {}, more = {}) => {
    const transport = make({ ...config(at), ...more }, options);
    closeLater(() => transport.close());
    return transport;
  };

const never = (): AbortSignal => new AbortController().signal;
const client = (transport: Transport): ReturnType<typeof newClient> => newClient(transport, { userAgent: 'test' });

async function untilClosed(server: TlsServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The first event of a watch, then whatever ends it. */
async function watchTwice(transport: Transport, signal: AbortSignal, seen: () => void): Promise<string> {
  try {
    for await (const _ of client(transport).resource(pods).watch({}, signal)) seen();
    return 'ended';
  } catch (err) {
    return (err as Error).message;
  }
}

const oneEvent = `${JSON.stringify({ type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'a' } } })}\n`;

const kinds: readonly (readonly [string, Make, Serve])[] = [
  ['HTTP/1.1', maker(newHttpTransport), serveTls],
  ['HTTP/2', maker(newHttp2Transport), tlsServer('h2')],
  ['what the server offers, HTTP/1.1', maker(newNegotiatingTransport), serveTls],
  ['what the server offers, HTTP/2', maker(newNegotiatingTransport), tlsServer('h2')],
];

describe.each(kinds)('a transport over %s', (name, newTransport, serveTls) => {
  it('shows its certificate and keeps its connection', async () => {
    let connections = 0;
    const server = await serveTls((req, res) => {
      const { subject } = (req.socket as unknown as TLSSocket).getPeerCertificate();
      res.end(JSON.stringify({ who: subject.CN, url: req.url, token: req.headers.authorization }));
    });
    server.on('connection', () => (connections += 1));
    const transport = newTransport(port(server), {}, { token: () => Promise.resolve('t') });
    for (let i = 0; i < 3; i++) {
      expect(await client(transport).raw(`/version/${i}`, never())).toEqual({
        who: 'me',
        url: `/version/${i}`,
        token: 'Bearer t',
      });
    }
    // One more may have found out what the server speaks.
    expect(connections).toBeLessThanOrEqual(name === 'what the server offers, HTTP/1.1' ? 2 : 1);
    await untilClosed(server);
  });

  it('refuses a server that the authority does not vouch for', async () => {
    const server = await serveTls((_, res) => res.end('{}'));
    const stranger = await newAuthority('other');
    const transport = newTransport(port(server), {}, { tls: { certificateAuthority: stranger.certificate } });
    await expect(client(transport).raw('/', never())).rejects.toThrow(/certificate/);
    await untilClosed(server);
  });

  it('streams a watch and ends it when aborted', async () => {
    const server = await serveTls((_, res) => void res.write(oneEvent));
    const stop = new AbortController();
    expect(await watchTwice(newTransport(port(server)), stop.signal, () => stop.abort())).toBe('ended');
    await untilClosed(server);
  });

  it('notices at once that the server died, and finds it again on the same port', async () => {
    const server = await serveTls((_, res) => void res.write(oneEvent));
    const transport = newTransport(port(server));
    const at = port(server);
    let closed: Promise<void> | undefined;
    expect(await watchTwice(transport, never(), () => void (closed = untilClosed(server)))).toMatch(
      /aborted|ECONNRESET|cut the answer|Premature/i,
    );
    await closed;
    await expect(client(transport).raw('/', never())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const again = await serveTls((_, res) => res.end('{"back":true}'), at);
    expect(await client(transport).raw('/', never())).toEqual({ back: true });
    await untilClosed(again);
  });

  it('ends a stream when the server falls silent and does not answer a probe', async () => {
    const server = await serveTls((_, res) => void res.write(oneEvent));
    const silence = new AbortController();
    const proxy = await newProxy(port(server), silence.signal);
    const transport = newTransport(port(proxy), { idleMs: 100, probeTimeoutMs: 100 });
    expect(await watchTwice(transport, never(), () => silence.abort())).toBe('the server does not answer any more');
    proxy.close();
    // A connection that never finished its handshake is not known to the server's HTTP side.
    open.dispose();
    await untilClosed(server);
  });

  it('gives up on a connection that is not made in time', async () => {
    const mute = createTcpServer((socket) => closeLater(() => socket.destroy()));
    await listen(mute);
    const transport = newTransport(port(mute), { connectTimeoutMs: 50 });
    await expect(client(transport).raw('/', never())).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    mute.close();
  });
});

it('HTTP/1.1 leaves a quiet stream alone while the server answers', async () => {
  let probes = 0;
  const stop = new AbortController();
  const server = await serveTls((req, res) => {
    if (req.url !== '/livez') return void res.write(oneEvent);
    probes += 1;
    if (probes === 3) stop.abort();
    res.writeHead(403).end('no');
  });
  expect(await watchTwice(maker(newHttpTransport)(port(server), { idleMs: 20 }), stop.signal, () => undefined)).toBe(
    'ended',
  );
  expect(probes).toBeGreaterThanOrEqual(3);
  await untilClosed(server);
});

it('HTTP/2 leaves a quiet stream alone while the server answers', async () => {
  let pings = 0;
  const stop = new AbortController();
  const server = await tlsServer('h2')((_, res) => void res.write(oneEvent));
  server.on('session', (session: ServerHttp2Session) =>
    session.on('ping', () => {
      pings += 1;
      if (pings === 3) stop.abort();
    }),
  );
  const transport = maker(newHttp2Transport)(port(server), { idleMs: 20 });
  expect(await watchTwice(transport, stop.signal, () => undefined)).toBe('ended');
  expect(pings).toBe(3);
  await untilClosed(server);
});

it('HTTP/2 carries a large body both ways, and many exchanges at a time', async () => {
  const big = 'x'.repeat(20_000_000);
  const server = await tlsServer('h2')((req, res) => {
    let bytes = 0;
    req.on('data', (chunk: Buffer) => (bytes += chunk.length));
    req.on('end', () => res.end(JSON.stringify({ bytes, big: req.method === 'POST' ? big : '' })));
  });
  const api = client(maker(newHttp2Transport)(port(server)));
  expect(await api.review('/big', { big }, never())).toEqual({ bytes: big.length + 10, big });
  const many = await Promise.all(Array.from({ length: 300 }, () => api.raw('/small', never())));
  expect(many).toHaveLength(300);
  await untilClosed(server);
});

/** Passes bytes both ways until `silence`, then swallows everything: what a cut cable looks like. */
async function newProxy(target: number, silence: AbortSignal): Promise<Server> {
  const proxy = createTcpServer((near: Socket) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => silence.aborted || to.write(chunk));
      from.on('error', () => undefined);
    }
    closeLater(() => near.destroy());
    closeLater(() => far.destroy());
  });
  await listen(proxy);
  return proxy;
}
