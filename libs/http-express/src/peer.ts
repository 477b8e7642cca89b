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

/** A certificate as Node describes it, with the one that it was issued by; the last one with itself. */
interface Described {
  readonly subject?: Subject;
  readonly valid_to?: string;
  readonly fingerprint256?: string;
  readonly issuerCertificate?: Described;
}

function certificateOf(socket: Socket): Omit<Peer, 'address'> {
  const tls = socket as Partial<TLSSocket>;
  const described = (tls.getPeerCertificate?.(true) ?? {}) as Described;
  const { subject, valid_to: until, fingerprint256: fingerprint } = described;
  if (!subject) return {};
  if (!tls.authorized) return { certificateError: String(tls.authorizationError) };
  const { CN = [], O = [] } = subject;
  const expiresMs = Date.parse(until ?? '');
  return {
    certificate: {
      commonName: [CN].flat().at(-1) ?? '',
      organizations: [O].flat(),
      authorities: authoritiesOf(described),
      ...(fingerprint !== undefined && { fingerprint }),
      ...(!Number.isNaN(expiresMs) && { expiresMs }),
    },
  };
}

function authoritiesOf(certificate: Described): readonly string[] {
  const found = new Set<string>();
  let above = certificate.issuerCertificate;
  while (above?.fingerprint256 && !found.has(above.fingerprint256)) {
    found.add(above.fingerprint256);
    above = above.issuerCertificate;
  }
  return [...found];
}
