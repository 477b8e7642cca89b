import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { newAuthority, type Authority } from '@kubephant/pki';
import type { Handler, Incoming } from '@kubephant/serving';
import { newCaller, serve } from './index';

let authority: Authority;
beforeAll(async () => {
  authority = await newAuthority('hooks');
});

let stop = new AbortController();
let closed: Promise<void> = Promise.resolve();
afterEach(async () => {
  stop.abort();
  await closed;
});

const name = 'svc.ns.svc';

/** A webhook server that answers for a service. */
async function setUp(handler: Handler<Incoming>) {
  stop = new AbortController();
  const server = await authority.issue({ commonName: name, dnsNames: [name], usages: ['server'] });
  const tls = { cert: server.certificate, key: server.key, clientCa: authority.certificate };
  const running = await serve(handler, { port: 0, tls, drainMs: 100 }, stop.signal);
  closed = running.closed;
  return {
    url: `https://${name}:443/v?timeout=1s`,
    caBundle: authority.certificate,
    connectTo: { host: '127.0.0.1', port: running.port },
  };
}

const options = { signal: new AbortController().signal, maxBytes: 1000 };
const bytes = (chunks: AsyncIterable<readonly Uint8Array[]>): Awaited<ReturnType<Handler<Incoming>>> => ({
  kind: 'stream',
  status: 200,
  contentType: 'application/json',
  chunks,
});

const echo: Handler<Incoming> = async (req) => ({
  kind: 'object',
  status: 200,
  body: { path: req.url.pathname + req.url.search, host: req.headers.get('host'), body: (await req.body()).toString() },
});

describe('the caller of webhooks', () => {
  it('posts to where it is told, in the name of who is asked', async () => {
    const target = await setUp(echo);
    const { status, body } = await newCaller().post(target, Buffer.from('{"a":1}'), options);
    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      { path: '/v?timeout=1s', host: `${name}:443`.replace(':443', ''), body: '{"a":1}' },
    ]);
  });

  it('keeps its connections', async () => {
    const issued = await authority.issue({ commonName: name, ips: ['127.0.0.1'], usages: ['server'] });
    let connections = 0;
    const server = createServer({ cert: issued.certificate, key: issued.key }, (_, res) => res.end('{}'));
    server.on('secureConnection', () => connections++).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const caller = newCaller();
    for (let i = 0; i < 3; i++) await caller.post({ url, caBundle: authority.certificate }, Buffer.from('{}'), options);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(connections).toBe(1);
  });

  it('trusts nobody whom it is not told to trust', async () => {
    const target = await setUp(echo);
    const stranger = await newAuthority('stranger');
    const unknown = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
    await expect(
      newCaller().post({ ...target, caBundle: stranger.certificate }, Buffer.from('{}'), options),
    ).rejects.toThrow(unknown);
    await expect(
      newCaller().post({ url: target.url, connectTo: target.connectTo }, Buffer.from('{}'), options),
    ).rejects.toThrow(unknown);
  });

  it('talks to nobody under another name', async () => {
    const target = await setUp(echo);
    const other = { ...target, url: 'https://other.ns.svc/v' };
    await expect(newCaller().post(other, Buffer.from('{}'), options)).rejects.toThrow(
      'tls: failed to verify certificate: x509: certificate is valid for svc.ns.svc, not other.ns.svc',
    );
  });

  it('speaks no plain HTTP', async () => {
    await expect(newCaller().post({ url: 'http://127.0.0.1/' }, Buffer.from('{}'), options)).rejects.toThrow(
      'unsupported protocol scheme "http"',
    );
  });

  it('says that nobody is there', async () => {
    const target = { url: 'https://127.0.0.1:1/', caBundle: authority.certificate };
    await expect(newCaller().post(target, Buffer.from('{}'), options)).rejects.toThrow(
      'dial tcp 127.0.0.1:1: connect: connection refused',
    );
  });

  it('hears no endless answer out', async () => {
    const chunk = [Buffer.alloc(400, ' ')];
    const target = await setUp(async () =>
      bytes(
        (async function* () {
          for (;;) yield chunk;
        })(),
      ),
    );
    await expect(newCaller().post(target, Buffer.from('{}'), options)).rejects.toThrow(
      'http: response body too large, more than 1000 bytes',
    );
  });

  it('waits no longer than it is told', async () => {
    const waiting: PromiseWithResolvers<void> = Promise.withResolvers();
    const target = await setUp(async ({ signal }) => {
      waiting.resolve();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return { kind: 'object', status: 200, body: {} };
    });
    const late = new AbortController();
    const call = newCaller().post(target, Buffer.from('{}'), { ...options, signal: late.signal });
    await waiting.promise;
    late.abort();
    await expect(call).rejects.toThrow(/abort/);
  });

  it('follows nobody elsewhere', async () => {
    const target = await setUp(async () => ({
      kind: 'bytes',
      status: 302,
      contentType: 'text/plain',
      chunks: [],
      headers: { location: 'https://elsewhere/' },
    }));
    expect((await newCaller().post(target, Buffer.from('{}'), options)).status).toBe(302);
  });
});
