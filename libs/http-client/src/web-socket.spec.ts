import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { dialWebSocket } from './web-socket';

let server: Server;
beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
const never = (): AbortSignal => new AbortController().signal;

describe('a dialed WebSocket', () => {
  it('speaks the chosen subprotocol both ways until one side closes', async () => {
    const echo = new WebSocketServer({ server, handleProtocols: () => 'v5' });
    echo.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => {
        socket.send(data);
        if (data.toString() === 'bye') socket.close(1000);
      }),
    );
    const socket = await dialWebSocket(url(), ['v4', 'v5'], { signal: never() });
    expect(socket.protocol).toBe('v5');
    await socket.send(Buffer.from('hello'));
    await socket.send(Buffer.from('bye'), true);
    const seen: string[] = [];
    for await (const message of socket.messages) seen.push(message.toString());
    expect([seen, socket.signal.aborted]).toEqual([['hello', 'bye'], true]);
  });

  it('loses nothing of what a slow reader has not taken yet', async () => {
    const flood = new WebSocketServer({ server });
    flood.on('connection', (socket) => {
      for (let i = 0; i < 100; i++) socket.send(Buffer.alloc(65_536, i));
      socket.close();
    });
    const socket = await dialWebSocket(url(), [], { signal: never() });
    let bytes = 0;
    for await (const message of socket.messages) bytes += message.length;
    expect(bytes).toBe(6_553_600);
  });

  it('passes on why the server refused', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'Forbidden',
      message: 'no',
      code: 403,
    };
    server.on('upgrade', (_, socket) =>
      socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${JSON.stringify(status)}`),
    );
    await expect(dialWebSocket(url(), ['v5'], { signal: never() })).rejects.toMatchObject({
      reason: 'Forbidden',
      code: 403,
    });
  });

  it('ends when it is aborted', async () => {
    const quiet = new WebSocketServer({ server });
    const connected = once(quiet, 'connection');
    const stop = new AbortController();
    const socket = await dialWebSocket(url(), [], { signal: stop.signal });
    await connected;
    stop.abort();
    for await (const _ of socket.messages) throw new Error('nothing was sent');
    expect(socket.signal.aborted).toBe(true);
  });
});
