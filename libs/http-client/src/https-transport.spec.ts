import { pods, newClient, type Transport } from '@kubephant/client';
import { newAuthority, type KeyPair } from '@kubephant/pki';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import type { TLSSocket } from 'node:tls';
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

async function serveTls(handler: RequestListener, at = 0): Promise<Server & { closeAllConnections(): void }> {
  const tls = {
    cert: serving.certificate,
    key: serving.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createHttpsServer(tls, handler);
  await listen(server, at);
  return server;
}

const config = (at: number): ServerConfig => ({
  server: `https://127.0.0.1:${at}`,
  tls: { certificateAuthority: authority.certificate, certificate: identity.certificate, key: identity.key },
});

function newTransport(at: number, options: HttpTransportOptions = {}, more: Partial<ServerConfig> = {}): Transport {
  const transport = newHttpTransport({ ...config(at), ...more }, options);
  closeLater(() => transport.close());
  return transport;
}

const never = (): AbortSignal => new AbortController().signal;
const client = (transport: Transport): ReturnType<typeof newClient> => newClient(transport, { userAgent: 'test' });

async function untilClosed(server: Server & { closeAllConnections(): void }): Promise<void> {
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

describe('a transport over TLS', () => {
  it('shows its certificate and keeps its connection', async () => {
    const sockets = new Set<unknown>();
    const server = await serveTls((req, res) => {
      sockets.add(req.socket);
      const { subject } = (req.socket as unknown as TLSSocket).getPeerCertificate();
      res.end(JSON.stringify({ who: subject.CN, url: req.url, token: req.headers.authorization }));
    });
    const transport = newTransport(port(server), {}, { token: () => Promise.resolve('t') });
    for (let i = 0; i < 3; i++) {
      expect(await client(transport).raw(`/version/${i}`, never())).toEqual({
        who: 'me',
        url: `/version/${i}`,
        token: 'Bearer t',
      });
    }
    expect(sockets.size).toBe(1);
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
      /aborted|ECONNRESET/,
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

  it('leaves a quiet stream alone while the server answers', async () => {
    let probes = 0;
    const stop = new AbortController();
    const server = await serveTls((req, res) => {
      if (req.url !== '/livez') return void res.write(oneEvent);
      probes += 1;
      if (probes === 3) stop.abort();
      res.writeHead(403).end('no');
    });
    expect(await watchTwice(newTransport(port(server), { idleMs: 20 }), stop.signal, () => undefined)).toBe('ended');
    expect(probes).toBeGreaterThanOrEqual(3);
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
