import { X509Certificate } from 'node:crypto';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { Router } from 'express';
import supertest from 'supertest';
import { newAuthority } from '@kubephant/pki';
import type { Handler, Incoming, Reply } from '@kubephant/serving';
import { watchReply } from './testing/replies';
import { withTlsServer } from './testing/tls-server';

const bytes = (chunks: readonly Uint8Array[], status = 200): Reply => ({
  kind: 'bytes',
  status,
  contentType: 'application/json',
  chunks,
});
const text = (value: string): Reply => bytes([Buffer.from(value)]);

const server = withTlsServer();
const { start } = server;

const https = (port: number) => supertest(`https://127.0.0.1:${String(port)}`);

describe('over HTTP/1.1', () => {
  it('answers with bytes and their length', async () => {
    const port = await start(async ({ url }) => text(`{"path":"${url.pathname}"}`));
    const res = await https(port).get('/api/v1/pods?x=1').ca(server.authority.certificate);
    expect(res.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '23' });
    expect(res.body).toEqual({ path: '/api/v1/pods' });
  });

  it('encodes objects', async () => {
    const port = await start(async () => ({
      kind: 'object',
      status: 201,
      body: { a: 1 },
      headers: { warning: ['a', 'b'] },
    }));
    const res = await https(port).post('/api').ca(server.authority.certificate);
    expect([res.status, res.body, res.headers['warning']]).toEqual([201, { a: 1 }, 'a, b']);
  });

  it('gives the handler the path as it was sent', async () => {
    const port = await start(async ({ url }) => text(JSON.stringify(url.pathname)), { tls: undefined as never });
    const socket = connectTcp(port, '127.0.0.1');
    socket.end('GET /api/v1/../%2e%2e/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readAll(socket)).toContain('"/api/v1/../%2e%2e/x"');
  });

  it('answers HEAD without a body', async () => {
    const port = await start(async () => text('{}'));
    const res = await https(port).head('/api').ca(server.authority.certificate);
    expect([res.status, res.text]).toEqual([200, undefined]);
  });

  it('writes many chunks as one answer', async () => {
    const chunks = Array.from({ length: 5000 }, (_, i) => Buffer.from(`${String(i)},`.padEnd(200)));
    const port = await start(async () => bytes([Buffer.from('['), ...chunks, Buffer.from('0]')]));
    const res = await https(port).get('/api').ca(server.authority.certificate).set('accept-encoding', 'identity');
    expect(res.body).toHaveLength(5001);
    expect(res.headers['content-length']).toBe(String(5000 * 200 + 3));
  });
});

describe('compression', () => {
  it.each([
    [131_072, 'gzip', undefined],
    [131_073, 'gzip', 'gzip'],
    [131_073, 'br, gzip', 'gzip'],
    [131_073, 'gzip;q=0', undefined],
    [131_073, 'deflate', undefined],
    [131_073, 'identity', undefined],
  ])('of %d bytes for %j is %j', async (size, accepted, encoding) => {
    const port = await start(async () => bytes([Buffer.alloc(size, 'x')]));
    const { headers, body } = await get(port, '/api', { 'accept-encoding': accepted });
    expect([headers['content-encoding'], headers['vary']]).toEqual([encoding, encoding && 'Accept-Encoding']);
    expect(encoding ? gunzipSync(body).length : body.length).toBe(size);
  });

  it('of many chunks is one gzip stream', async () => {
    const port = await start(async () => bytes(Array.from({ length: 1000 }, () => Buffer.alloc(1000, 'y'))));
    const { body } = await get(port, '/api', { 'accept-encoding': 'gzip' });
    expect(gunzipSync(body).length).toBe(1_000_000);
  });
});

describe('bodies', () => {
  const echo: Handler<Incoming> = async (req) => text(String((await req.body()).length));

  it('may be as long as the limit and no longer', async () => {
    const port = await start(echo, { maxBodyBytes: 1000 });
    const post = (size: number) =>
      https(port).post('/api').ca(server.authority.certificate).type('json').send('x'.repeat(size));
    expect((await post(1000)).text).toBe('1000');
    const refused = await post(1001);
    const message = 'Request entity too large: limit is 1000';
    expect(refused.status).toBe(413);
    expect(refused.body).toMatchObject({ reason: 'RequestEntityTooLarge', message, code: 413 });
  });

  it('are refused over HTTP/2 too, and the connection lives on', async () => {
    const port = await start(echo, { maxBodyBytes: 1000 });
    const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { ca: server.authority.certificate });
    const refused = await http2Request(session, { ':path': '/api', ':method': 'POST' }, 'x'.repeat(100_000));
    expect(refused.headers[':status']).toBe(413);
    const next = await http2Request(session, { ':path': '/api', ':method': 'POST' }, 'abc');
    expect(next.body.toString()).toBe('3');
    session.close();
  });
});

/** What a certificate tells besides names. */
const aboutOf = (certificate: string, authority: string): object => ({
  expiresMs: Date.parse(new X509Certificate(certificate).validTo),
  fingerprint: new X509Certificate(certificate).fingerprint256,
  authorities: [new X509Certificate(authority).fingerprint256],
});

describe('client certificates', () => {
  const whoami: Handler<Incoming> = async ({ clientCertificate, clientCertificateError }) =>
    text(JSON.stringify({ clientCertificate, clientCertificateError }));

  it('that are trusted name their holder and groups', async () => {
    const port = await start(whoami);
    const holder = { commonName: 'jane', organizations: ['a', 'b'] };
    const client = await server.authority.issue({ ...holder, usages: ['client'] });
    const res = await https(port).get('/api').ca(server.authority.certificate).key(client.key).cert(client.certificate);
    expect(res.body).toEqual({
      clientCertificate: { ...holder, ...aboutOf(client.certificate, server.authority.certificate) },
    });
  });

  it('of other authorities, or for servers only, prove nothing', async () => {
    const port = await start(whoami);
    const stranger = await newAuthority('stranger');
    for (const [issuer, usage] of [
      [stranger, 'client'],
      [server.authority, 'server'],
    ] as const) {
      const client = await issuer.issue({ commonName: 'jane', organizations: ['system:masters'], usages: [usage] });
      const res = await https(port)
        .get('/api')
        .ca(server.authority.certificate)
        .key(client.key)
        .cert(client.certificate);
      expect(res.body).toEqual({ clientCertificateError: expect.any(String) as string });
    }
  });

  it('are seen over HTTP/2', async () => {
    const port = await start(whoami);
    const client = await server.authority.issue({ commonName: 'jane', usages: ['client'] });
    const session = connectHttp2(`https://127.0.0.1:${String(port)}`, {
      ca: server.authority.certificate,
      key: client.key,
      cert: client.certificate,
    });
    const { body } = await http2Request(session, { ':path': '/api' });
    expect(JSON.parse(body.toString())).toEqual({
      clientCertificate: {
        commonName: 'jane',
        organizations: [],
        ...aboutOf(client.certificate, server.authority.certificate),
      },
    });
    session.close();
  });
});

describe('outside /api and /apis', () => {
  const routes = Router().get('/dash', (_, res) => void res.status(200).json({ page: 1 }));

  it('Express routes come first, then the handler', async () => {
    const port = await start(async ({ url }) => text(JSON.stringify(url.pathname)), { routes });
    const res = await https(port).get('/dash').ca(server.authority.certificate);
    expect(res.body).toEqual({ page: 1 });
    expect((await https(port).get('/healthz').ca(server.authority.certificate)).body).toBe('/healthz');
    expect((await https(port).get('/apisx').ca(server.authority.certificate)).body).toBe('/apisx');
  });

  it('the same over HTTP/2', async () => {
    const port = await start(async ({ url }) => text(JSON.stringify(url.pathname)), { routes });
    const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { ca: server.authority.certificate });
    expect((await http2Request(session, { ':path': '/dash' })).body.toString()).toBe('{"page":1}');
    expect((await http2Request(session, { ':path': '/healthz' })).body.toString()).toBe('"/healthz"');
    session.close();
  });
});

describe('streams', () => {
  it('flush every item at once', async () => {
    const release = Promise.withResolvers<undefined>();
    async function* chunks(): AsyncGenerator<readonly Uint8Array[]> {
      yield [Buffer.from('one\n'), Buffer.from('two\n')];
      await release.promise;
      yield [Buffer.from('three\n')];
    }
    const port = await start(async () => watchReply(chunks()));
    const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { ca: server.authority.certificate });
    const stream = session.request({ ':path': '/api/v1/pods?watch=1' });
    const [first] = (await once(stream, 'data')) as [Buffer];
    expect(first.toString()).toBe('one\ntwo\n');
    release.resolve(undefined);
    const [second] = (await once(stream, 'data')) as [Buffer];
    expect(second.toString()).toBe('three\n');
    session.close();
  });

  it.each(['http1', 'http2'] as const)('end their producer when an %s client goes', async (protocol) => {
    const ended = Promise.withResolvers<undefined>();
    const port = await start(async ({ signal }) => watchReply(endless(signal, ended)));
    if (protocol === 'http1') {
      const req = httpsRequest({
        host: '127.0.0.1',
        port,
        path: '/api',
        ca: server.authority.certificate,
        agent: false,
      });
      req.on('error', () => undefined).end();
      await once(req, 'response');
      req.destroy();
    } else {
      const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { ca: server.authority.certificate });
      const stream = session.request({ ':path': '/api' });
      await once(stream, 'data');
      stream.close();
      session.close();
    }
    await expect(ended.promise).resolves.toBeUndefined();
  });

  it('are cut off when the client does not read, and nobody else notices', async () => {
    let made = 0;
    const ended = Promise.withResolvers<undefined>();
    async function* flood(): AsyncGenerator<readonly Uint8Array[]> {
      try {
        for (;;) {
          made++;
          yield [Buffer.alloc(64 * 1024)];
        }
      } finally {
        ended.resolve(undefined);
      }
    }
    const handler: Handler<Incoming> = async ({ url }) => (url.search ? watchReply(flood()) : text('{}'));
    const port = await start(handler, { stallMs: 100, tls: undefined as never });
    const deaf = connectTcp(port, '127.0.0.1');
    deaf.pause();
    deaf.write('GET /api?watch HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await supertest(`http://127.0.0.1:${String(port)}`).get('/api')).status).toBe(200);
    await ended.promise;
    expect(made).toBeLessThan(500);
    deaf.destroy();
  });

  it('end when the server stops', async () => {
    const ended = Promise.withResolvers<undefined>();
    const port = await start(async ({ signal }) => watchReply(endless(signal, ended)));
    const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { ca: server.authority.certificate });
    const stream = session.request({ ':path': '/api' });
    await once(stream, 'data');
    stream.resume();
    await Promise.all([once(stream, 'end'), ended.promise, server.stop()]);
  });
});

describe('clients that do not speak the protocol', () => {
  const tells = async (port: number, sent: string): Promise<string> => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.write(sent);
    return readAll(socket);
  };
  const refusal = (status: string): string =>
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`;

  it('are told that a TLS port wants TLS', async () => {
    const port = await start(async () => text('{}'));
    await expect(tells(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).resolves.toBe(
      'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n',
    );
  });

  it.each([
    ['what is no method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', '400 Bad Request'],
    ['no HTTP', 'hello\r\n\r\n', '400 Bad Request'],
    ['too many fields', `GET / HTTP/1.1\r\nHost: ${'x'.repeat(70_000)}\r\n\r\n`, '431 Request Header Fields Too Large'],
  ])('are told that the server cannot read %s', async (_, sent, status) => {
    const port = await start(async () => text('{}'), { tls: undefined as never });
    await expect(tells(port, sent)).resolves.toBe(refusal(status));
  });

  it('never bring a malformed target to the handler', async () => {
    const handler = jest.fn(async () => text('{}'));
    const port = await start(handler);
    const { body } = await get(port, '/api/v1/pods/%zz', {});
    expect([body.toString(), handler.mock.calls]).toEqual(['400 Bad Request', []]);
  });
});

describe('hostile connections', () => {
  it.each([
    ['garbage on the TLS port', (socket: Socket) => socket.write('\x00\xffgarbage'.repeat(1000))],
    ['plain HTTP on the TLS port', (socket: Socket) => socket.write('GET / HTTP/1.1\r\n\r\n')],
    ['silence', () => undefined],
    ['a reset in the handshake', (socket: Socket) => socket.resetAndDestroy()],
  ])('%s harms nobody', async (_, attack) => {
    const port = await start(async () => text('{}'));
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    attack(socket);
    const res = await https(port).get('/api').ca(server.authority.certificate);
    expect(res.status).toBe(200);
    socket.destroy();
  });
});

async function* endless(
  signal: AbortSignal,
  ended: PromiseWithResolvers<undefined>,
): AsyncGenerator<readonly Uint8Array[]> {
  try {
    yield [Buffer.from('start')];
    await once(signal, 'abort');
  } finally {
    ended.resolve(undefined);
  }
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function get(port: number, path: string, headers: Record<string, string>): Promise<Received> {
  const req = httpsRequest({
    host: '127.0.0.1',
    port,
    path,
    headers,
    ca: server.authority.certificate,
    agent: false,
  }).end();
  const [res] = (await once(req, 'response')) as [AsyncIterable<Buffer> & { headers: IncomingHttpHeaders }];
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk);
  return { headers: res.headers, body: Buffer.concat(chunks) };
}

type Http2Client = ReturnType<typeof connectHttp2>;

async function http2Request(session: Http2Client, headers: Record<string, string>, body?: string): Promise<Received> {
  const stream = session.request(headers, { endStream: body === undefined });
  stream.on('error', () => undefined);
  if (body !== undefined) stream.end(body);
  const [received] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return { headers: received, body: Buffer.concat(chunks) };
}
