import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { frames, withLength } from './tcp-frames';

const timeoutMs = 2_000;

/**
 * Sends a query to `server` (`1.2.3.4:53`, `[::1]:53`) and returns its answer; rejects after 2 s. Each UDP query has a
 * socket and so a source port of its own, and takes only the answer with its id from that server.
 */
export async function exchange(
  server: string,
  query: Uint8Array,
  protocol: 'udp' | 'tcp',
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { hostname, port } = new URL(`dns://${server}`);
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 53) };
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return protocol === 'udp' ? await overUdp(to, query, limited) : await overTcp(to, query, limited);
}

interface Address {
  readonly host: string;
  readonly port: number;
}

async function overUdp({ host, port }: Address, query: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.connect(port, host);
    await once(socket, 'connect', { signal });
    socket.send(query);
    for (;;) {
      const [message] = (await once(socket, 'message', { signal })) as [Buffer];
      if (message[0] === query[0] && message[1] === query[1]) return message;
    }
  } finally {
    socket.close();
  }
}

async function overTcp({ host, port }: Address, query: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const socket = connect({ host, port, signal });
  try {
    await once(socket, 'connect', { signal });
    socket.write(withLength(query));
    for await (const message of frames(socket)) return message;
    throw new Error(`${host} closed the connection without an answer`);
  } finally {
    socket.destroy();
  }
}
