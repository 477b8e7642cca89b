import type { ClientRequest, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onAbort } from '@kubephant/base';
import type { BackendResponse, BackendTunnel } from '@kubephant/serving';
import { byteSocketOf } from './byte-socket';

/**
 * What comes of a request that has been sent with an `upgrade` header: the connection in the new protocol, or any other
 * answer. Rejects when there is none. The connection is broken off when the signal aborts.
 */
export async function upgradeOf(req: ClientRequest, signal: AbortSignal): Promise<BackendTunnel | BackendResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<BackendTunnel | BackendResponse>();
  req.once('error', reject);
  req.once('upgrade', (res: IncomingMessage, socket: Duplex, head: Buffer) => {
    // What was set for the time until the answer does not hold for the session.
    if (socket instanceof Socket) socket.setTimeout(0).setNoDelay(true).setKeepAlive(true, 30_000);
    const abortLink = onAbort(signal, () => socket.destroy());
    socket.once('close', () => abortLink[Symbol.dispose]());
    resolve({ status: 101, headers: headersOf(res), socket: byteSocketOf(socket, head) });
  });
  req.once('response', (res: IncomingMessage) =>
    resolve({ status: res.statusCode ?? 502, headers: headersOf(res), body: res }),
  );
  return await promise;
}

const headersOf = (res: IncomingMessage): BackendResponse['headers'] => res.headers as BackendResponse['headers'];
