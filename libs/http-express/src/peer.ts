import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '@kubephant/serving';

/** Who is at the other end of a connection, as far as the connection says. */
export interface Peer {
  readonly address: string;
  readonly certificate?: ClientCertificate;
  readonly certificateError?: string;
}

const known = new WeakMap<object, Peer>();
const nobody: Peer = { address: '' };

/** Asked for on every request; looked at once per connection. */
export function peerOf(socket: Socket): Peer {
  return remembered(socket, () => describe(socket));
}

/** `session.socket` is a proxy made anew for each session: the session itself is the key. */
export function peerOfSession(session: Http2Session | undefined): Peer {
  return session ? remembered(session, () => describe(session.socket)) : nobody;
}

function remembered(connection: object, look: () => Peer): Peer {
  let peer = known.get(connection);
  if (!peer) {
    peer = look();
    known.set(connection, peer);
  }
  return peer;
}

const describe = (socket: Socket): Peer => ({ address: socket.remoteAddress ?? '', ...certificateOf(socket) });

type Subject = Readonly<Record<string, string | string[]>>;

function certificateOf(socket: Socket): Omit<Peer, 'address'> {
  const tls = socket as Partial<TLSSocket>;
  const { subject, valid_to: until } = (tls.getPeerCertificate?.() ?? {}) as { subject?: Subject; valid_to?: string };
  if (!subject) return {};
  if (!tls.authorized) return { certificateError: String(tls.authorizationError) };
  const { CN = [], O = [] } = subject;
  const expiresMs = Date.parse(until ?? '');
  const names = { commonName: [CN].flat().at(-1) ?? '', organizations: [O].flat() };
  return { certificate: Number.isNaN(expiresMs) ? names : { ...names, expiresMs } };
}
