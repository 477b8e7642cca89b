import { X509Certificate } from 'node:crypto';
import { createServer, connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isValidFor, newAuthority, type Authority } from './authority';

describe('authority', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await newAuthority('kubernetes');
  });

  it('issues certificates that name user, groups and addresses, signed by itself', async () => {
    const { certificate } = await authority.issue({
      commonName: 'system:node:n1',
      organizations: ['system:nodes', 'extra'],
      dnsNames: ['n1'],
      ips: ['127.0.0.1'],
      usages: ['client', 'server'],
    });
    const parsed = new X509Certificate(certificate);
    expect(parsed.subject).toBe('O=system:nodes\nO=extra\nCN=system:node:n1');
    expect(parsed.subjectAltName).toBe('DNS:n1, IP Address:127.0.0.1');
    expect(parsed.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(new X509Certificate(authority.certificate).ca).toBe(true);
  });

  it('is accepted by TLS on both ends, and a certificate of another authority is not', async () => {
    const server = await authority.issue({ commonName: 'kube-apiserver', ips: ['127.0.0.1'], usages: ['server'] });
    const client = await authority.issue({
      commonName: 'admin',
      organizations: ['system:masters'],
      usages: ['client'],
    });
    const stranger = await (await newAuthority('other')).issue({ commonName: 'admin', usages: ['client'] });

    expect(await handshake(authority, server, client)).toEqual({ authorized: true, user: 'admin' });
    expect(await handshake(authority, server, stranger)).toEqual({ authorized: false, user: 'admin' });
  });

  it('knows how long a certificate lasts', async () => {
    const { certificate } = await authority.issue({ commonName: 'short', usages: ['client'], days: 1 });
    expect(isValidFor(certificate, 3_600_000)).toBe(true);
    expect(isValidFor(certificate, 2 * 86_400_000)).toBe(false);
  });
});

async function handshake(
  authority: Authority,
  serving: { certificate: string; key: string },
  client: { certificate: string; key: string },
): Promise<{ authorized: boolean; user: string }> {
  const server = createServer({
    cert: serving.certificate,
    key: serving.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'secureConnection');
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  });
  await once(socket, 'secureConnect');
  const [peer] = (await accepted) as [TLSSocket];
  const seen = { authorized: peer.authorized, user: String(peer.getPeerCertificate().subject.CN) };
  socket.destroy();
  peer.destroy();
  server.close();
  await once(server, 'close');
  return seen;
}
