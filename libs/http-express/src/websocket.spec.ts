import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { WebSocket } from 'ws';
import { watchReply } from './testing/replies';
import { withTlsServer } from './testing/tls-server';

const server = withTlsServer();
const { start } = server;

describe('WebSocket', () => {
  const connect = (port: number, path: string, protocols: string[] = [], origin: string | undefined = 'https://x') =>
    new WebSocket(`wss://127.0.0.1:${String(port)}${path}`, protocols, {
      ca: server.authority.certificate,
      ...(origin && { origin }),
    });
  async function* events(): AsyncGenerator<readonly Uint8Array[]> {
    yield [Buffer.from('{"a":1}\n'), Buffer.from('{"a":2}\n')];
  }

  it.each([
    ['text', [], true],
    ['text', ['foo.bar'], true],
    ['text', ['base64.binary.k8s.io'], true],
    ['binary', [], false],
    ['binary', ['binary.k8s.io'], false],
  ] as const)(
    'watches get a %s message per frame with protocols %j, then close code 1000',
    async (_, protocols, text) => {
      const port = await start(async () => ({ ...watchReply(events()), text }));
      const socket = connect(port, '/api', [...protocols]);
      const messages: [string, boolean][] = [];
      socket.on('message', (data: Buffer, binary) => messages.push([data.toString(), !binary]));
      const [code] = (await once(socket, 'close')) as [number];
      const frames = [
        ['{"a":1}\n', text],
        ['{"a":2}\n', text],
      ];
      expect([messages, code, socket.protocol]).toEqual([frames, 1000, protocols[0] ?? '']);
    },
  );

  it.each([
    ['without an Origin', [], '', 403],
    ['with two subprotocols', ['a', 'b'], 'https://x', 400],
  ])('watches %s are refused', async (_, protocols, origin, status) => {
    const port = await start(async () => watchReply(events()));
    const socket = connect(port, '/api', protocols, origin);
    const [, res] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(res.statusCode).toBe(status);
    socket.on('error', () => undefined).terminate();
  });

  it.each([
    [
      { 'sec-websocket-version': '12', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
      'missing or bad WebSocket Version',
    ],
    [{ 'sec-websocket-version': '13' }, 'mismatch challenge/response'],
  ])('watches with %j alone are refused in upstream’s words', async (fields, text) => {
    const port = await start(async () => watchReply(events()));
    const headers = { connection: 'Upgrade', upgrade: 'websocket', origin: 'https://x', ...fields };
    const req = request({
      host: '127.0.0.1',
      port,
      path: '/api',
      headers,
      ca: server.authority.certificate,
      agent: false,
    });
    const [res] = (await once(req.end(), 'response')) as [IncomingMessage];
    const chunks = (await res.toArray()) as Buffer[];
    expect([res.statusCode, res.headers['content-type'], Buffer.concat(chunks).toString()]).toEqual([
      400,
      undefined,
      text,
    ]);
  });

  it('sessions speak the protocol the handler chooses', async () => {
    const port = await start(async () => ({
      kind: 'socket',
      protocol: 'v5.channel.k8s.io',
      async serve(session) {
        for await (const message of session.messages) {
          if (message.length === 0) return;
          await session.send(Buffer.from(message).reverse());
        }
      },
    }));
    const socket = connect(port, '/api', ['v5.channel.k8s.io', 'v4.channel.k8s.io'], '');
    await once(socket, 'open');
    socket.send('abc');
    const [reply] = (await once(socket, 'message')) as [Buffer];
    socket.send('');
    const [code] = (await once(socket, 'close')) as [number];
    expect([reply.toString(), socket.protocol, code]).toEqual(['cba', 'v5.channel.k8s.io', 1000]);
  });

  it('upgrades that the handler answers plainly get that answer', async () => {
    const port = await start(async ({ upgrade = [] }) => ({
      kind: 'bytes',
      status: 403,
      contentType: 'application/json',
      chunks: [Buffer.from(JSON.stringify(upgrade))],
    }));
    const socket = connect(port, '/api', ['a']);
    const [, res] = (await once(socket, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { statusCode: number },
    ];
    expect(res.statusCode).toBe(403);
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('["a"]');
  });
});
