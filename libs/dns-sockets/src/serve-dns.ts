import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { onAbort, untilAborted, type Logger } from '@kubephant/base';
import type { DnsHandler } from '@kubephant/serving';
import { answer } from './message';
import { frames, withLength } from './tcp-frames';

export interface DnsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
}

export interface DnsServer {
  readonly port: number;
  /** Resolves once the signal has aborted and the sockets are closed. */
  readonly closed: Promise<void>;
}

const idleMs = 10_000;
const maxConnections = 1_000;

/** Serves the handler over UDP and TCP on one port, until aborted. Rejects when the port cannot be had. */
export async function serveDns(
  handler: DnsHandler,
  { host, port, log }: DnsServerOptions,
  signal: AbortSignal,
): Promise<DnsServer> {
  const family = host.includes(':') ? 'udp6' : 'udp4';
  const tcp = createServer({ noDelay: true }, (socket) => serveConnection(handler, socket, log, signal));
  tcp.maxConnections = maxConnections;
  tcp.listen(port, host);
  await once(tcp, 'listening');
  const bound = (tcp.address() as { readonly port: number }).port;
  // A burst of queries waits in the kernel while a slice update is being taken in.
  const udp = createSocket({ type: family, recvBufferSize: 4 * 1024 * 1024 });
  udp.on(
    'message',
    (query, remote) =>
      void serveDatagram(handler, udp, { query, remote }, signal).catch((err: unknown) =>
        log.error('a query failed', err),
      ),
  );
  udp.on('error', (err) => log.error('the UDP socket failed', err));
  udp.bind(bound, host);
  await once(udp, 'listening');
  return { port: bound, closed: closeOnAbort(tcp, udp, signal) };
}

async function closeOnAbort(tcp: Server, udp: UdpSocket, signal: AbortSignal): Promise<void> {
  await untilAborted(signal);
  const closed = Promise.all([once(tcp, 'close'), once(udp, 'close')]);
  tcp.close();
  udp.close();
  await closed;
}

async function serveDatagram(
  handler: DnsHandler,
  udp: UdpSocket,
  { query, remote }: { query: Buffer; remote: RemoteInfo },
  signal: AbortSignal,
): Promise<void> {
  const family = remote.family === 'IPv6' ? '2' : '1';
  const message = await answer(handler, { protocol: 'udp', family, query, signal });
  // What cannot be sent is lost, as any datagram may be.
  if (message && !signal.aborted) udp.send(message, remote.port, remote.address, () => undefined);
}

function serveConnection(handler: DnsHandler, socket: Socket, log: Logger, signal: AbortSignal): void {
  const link = onAbort(signal, () => socket.destroy());
  socket.setTimeout(idleMs, () => socket.destroy());
  // A connection that breaks has nothing left to say; `close` follows.
  socket.on('error', () => undefined);
  socket.on('close', () => link[Symbol.dispose]());
  const family = socket.remoteFamily === 'IPv6' ? '2' : '1';
  const serveAll = async (): Promise<void> => {
    for await (const query of frames(socket)) {
      const message = await answer(handler, { protocol: 'tcp', family, query, signal });
      if (!message) break;
      // One query at a time and no more than the client reads: a slow reader costs one answer.
      if (!socket.write(withLength(message))) await once(socket, 'drain', { signal });
    }
    socket.end();
  };
  serveAll().catch((err: unknown) => {
    log.v(2).info('a DNS connection ended early', { reason: String(err) });
    socket.destroy();
  });
}
