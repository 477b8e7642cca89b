import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { newAuthority } from '@kubephant/pki';
import {
  joinSockets,
  type Backend,
  type ByteSocket,
  type Handler,
  type Incoming,
  type Reply,
} from '@kubephant/serving';
import { newDialer, serve } from './index';

let stop = new AbortController();
let closed: Promise<void> = Promise.resolve();
afterEach(async () => {
  stop.abort();
  await closed;
});

async function start(handler: Handler<Incoming>): Promise<Backend> {
  const { port, closed: ended } = await serve(handler, { port: 0, drainMs: 100 }, stop.signal);
  closed = Promise.all([closed, ended]).then(() => undefined);
  return { host: '127.0.0.1', port, tls: 'none' };
}
beforeEach(() => {
  stop = new AbortController();
  closed = Promise.resolve();
});

const { signal } = new AbortController();
const upgrade = { method: 'POST', path: '/api/x', headers: { upgrade: 'SPDY/3.1' } };
const echo = async (socket: ByteSocket): Promise<void> => {
  for await (const chunk of socket.chunks) await socket.write(chunk);
};
const tunnel = (work: (socket: ByteSocket) => Promise<void>): Reply => ({
  kind: 'tunnel',
  status: 101,
  headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-own': ['a', 'b\r\nx: y'] },
  serve: work,
});

describe('a tunnel', () => {
  it('carries bytes both ways after 101', async () => {
    const backend = await start(async ({ upgradeTo, method }) => {
      expect([method, upgradeTo]).toEqual(['POST', 'SPDY/3.1']);
      return tunnel(echo);
    });
    const answer = await newDialer({}).tunnel(backend, upgrade, signal);
    if (!('socket' in answer)) throw new Error(String(answer.status));
    // Node joins fields of one name.
    expect(answer.headers).toMatchObject({ upgrade: 'SPDY/3.1', 'x-own': 'a, b  x: y' });
    const sent = Buffer.alloc(3_000_000, 'abc');
    const writing = answer.socket.write(sent).then(() => answer.socket.end());
    const received: Buffer[] = [];
    for await (const chunk of answer.socket.chunks) received.push(chunk);
    await writing;
    expect(Buffer.concat(received).equals(sent)).toBe(true);
  });

  it('gets what the client sent along with its request', async () => {
    const backend = await start(async () => tunnel(echo));
    const socket = connect(backend.port, backend.host);
    const head = 'POST /api/x HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: SPDY/3.1\r\n\r\nearly';
    socket.end(head);
    let answer = '';
    for await (const chunk of socket.setEncoding('latin1')) answer += chunk as string;
    expect(answer).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n[^]*\r\n\r\nearly$/);
  });

  it('is refused like any other request', async () => {
    const refuse: Reply = { kind: 'bytes', status: 403, contentType: 'text/plain', chunks: [Buffer.from('no')] };
    const backend = await start(async () => refuse);
    const answer = await newDialer({}).tunnel(backend, upgrade, signal);
    if ('socket' in answer) throw new Error('upgraded');
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    expect([answer.status, text]).toEqual([403, 'no']);
  });

  it('is none for a client that did not ask for one', async () => {
    const backend = await start(async () => tunnel(echo));
    const { status } = await newDialer({}).request(backend, { method: 'POST', path: '/api/x' }, signal);
    expect(status).toBe(400);
  });

  it('ends with its signal, and when the server has served it', async () => {
    const own = new AbortController();
    const ended = Promise.withResolvers<undefined>();
    const backend = await start(async () => tunnel((socket) => echo(socket).finally(() => ended.resolve(undefined))));
    const answer = await newDialer({}).tunnel(backend, upgrade, own.signal);
    own.abort();
    await ended.promise;
    if (!('socket' in answer)) throw new Error(String(answer.status));
    for await (const _ of answer.socket.chunks) throw new Error('nothing was sent');
    const short = await newDialer({}).tunnel(await start(async () => tunnel(async () => undefined)), upgrade, signal);
    if ('socket' in short) for await (const _ of short.socket.chunks) throw new Error('nothing was sent');
  });

  it('that is broken leaves the server alone', async () => {
    const backend = await start(async ({ url }) =>
      url.pathname === '/api/x'
        ? tunnel(async () => {
            throw new RangeError('not a frame');
          })
        : { kind: 'object', status: 200, body: {} },
    );
    const answer = await newDialer({}).tunnel(backend, upgrade, signal);
    if ('socket' in answer) for await (const _ of answer.socket.chunks) throw new Error('nothing was sent');
    const { status } = await newDialer({}).request(backend, { method: 'GET', path: '/api/y' }, signal);
    expect(status).toBe(200);
  });

  it('to nobody says so as clients know it', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const backend: Backend = { host: '127.0.0.1', port, tls: 'none' };
    const refused = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
    await expect(newDialer({}).tunnel(backend, upgrade, signal)).rejects.toThrow(refused);
    await expect(newDialer({}).request(backend, upgrade, signal)).rejects.toThrow(refused);
  });

  it('carries the WebSocket of a client to a server behind', async () => {
    const behind = createServer();
    const sockets = new WebSocketServer({ server: behind, handleProtocols: () => 'chat' });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    behind.listen(0, '127.0.0.1');
    await once(behind, 'listening');
    const target: Backend = { host: '127.0.0.1', port: (behind.address() as AddressInfo).port, tls: 'none' };
    const front = await start(async ({ headers, upgradeTo = '' }) => {
      const fields = { ...Object.fromEntries(headers), upgrade: upgradeTo };
      const answer = await newDialer({}).tunnel(target, { method: 'GET', path: '/', headers: fields }, signal);
      if (!('socket' in answer)) throw new Error(String(answer.status));
      return {
        kind: 'tunnel',
        status: 101,
        headers: answer.headers,
        serve: (client) => joinSockets(client, answer.socket),
      };
    });
    const client = new WebSocket(`ws://127.0.0.1:${front.port}/`, ['chat']);
    await once(client, 'open');
    client.send('hello');
    const [data] = (await once(client, 'message')) as [Buffer];
    expect([client.protocol, data.toString()]).toEqual(['chat', 'hello']);
    client.close();
    await once(client, 'close');
    behind.close();
  });
});

describe('an answer', () => {
  it('may end its lines as CGI programs do', async () => {
    const server = createServer();
    server.on('connection', (socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain\n\nhello'),
      ),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const backend: Backend = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: 'none' };
    const { headers, body } = await newDialer({}).request(backend, { method: 'GET', path: '/' }, signal);
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString();
    expect([headers['content-type'], text]).toEqual(['text/plain', 'hello']);
    server.close();
  });
});

describe('a backend that breaks off', () => {
  it.each([
    ['a body that is whole', () => Buffer.alloc(3_000_000)],
    [
      'a body that streams',
      async function* () {
        for (;;) yield Buffer.alloc(100_000);
      },
    ],
  ])('in the middle of its answer, and of %s, fails that answer alone', async (_, body) => {
    const server = createServer();
    server.on('connection', (socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 10\r\n\nhalf', () => socket.resetAndDestroy());
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const backend: Backend = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: 'none' };
    const read = async (): Promise<void> => {
      const answer = await newDialer({}).request(backend, { method: 'POST', path: '/', body: body() }, signal);
      for await (const _ of answer.body);
    };
    await expect(read()).rejects.toThrow(/aborted|reset|EPIPE|EOF/);
    server.close();
    await once(server, 'close');
  });
});

describe('the host of a request', () => {
  it('is told over HTTP/2 as it is over HTTP/1.1', async () => {
    const authority = await newAuthority('test');
    const { certificate, key } = await authority.issue({ commonName: 's', ips: ['127.0.0.1'], usages: ['server'] });
    const fields: Handler<Incoming> = async ({ headers }) => {
      const body = { host: headers.get('host'), listed: [...headers].filter(([name]) => /host|authority/.test(name)) };
      return { kind: 'object', status: 200, body };
    };
    const tls = { cert: certificate, key, clientCa: authority.certificate };
    const { port, closed: ended } = await serve(fields, { port: 0, tls, drainMs: 100 }, stop.signal);
    closed = ended;
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.certificate });
    const stream = session.request({ ':path': '/api', ':authority': 'api:6443' });
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += chunk as string;
    session.close();
    expect(JSON.parse(text)).toEqual({ host: 'api:6443', listed: [['host', 'api:6443']] });
  });
});

describe('the body of a request', () => {
  it('can be read as it arrives, and be longer than what is read at once', async () => {
    const begun = Promise.withResolvers<undefined>();
    const backend = await start(async (req) => {
      let bytes = 0;
      for await (const chunk of req.stream?.() ?? []) {
        bytes += chunk.length;
        begun.resolve(undefined);
      }
      return { kind: 'object', status: 200, body: { bytes } };
    });
    async function* body(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(1000);
      // Only goes on once the server has seen the beginning.
      await begun.promise;
      for (let i = 0; i < 64; i++) yield Buffer.alloc(100_000);
    }
    const request = { method: 'POST', path: '/api/x', body: body() };
    const { body: answer } = await newDialer({}).request(backend, request, signal);
    let text = '';
    for await (const chunk of answer) text += Buffer.from(chunk).toString();
    expect(JSON.parse(text)).toEqual({ bytes: 6_401_000 });
  });
});

describe('a half-open upgrade', () => {
  it('holds nobody else up', async () => {
    const backend = await start(async () => ({ kind: 'object', status: 200, body: {} }));
    const halves: Socket[] = Array.from({ length: 200 }, () => {
      const socket = connect(backend.port, backend.host);
      socket.write('POST /api/x HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: SPDY');
      return socket;
    });
    const asked = httpRequest({ ...backend, path: '/api/y' });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    answer.resume();
    for (const socket of halves as Duplex[]) socket.destroy();
  });
});
