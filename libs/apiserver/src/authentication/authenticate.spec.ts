import { StatusError } from '@kubephant/api';
import { newMetrics } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { requestInfo, withFacts, type Resolved } from '@kubephant/serving';
import { newIncoming } from '@kubephant/serving/testing';
import { clientCertificates, withAuthentication } from './authenticate';

const resolved = (): Resolved => {
  const incoming = newIncoming({ path: '/version' });
  return withFacts(incoming, {
    info: requestInfo('GET', incoming.url),
    auditId: '',
    warn: () => undefined,
  });
};

it('leaves alone what those who serve the request say of credentials', async () => {
  const filter = withAuthentication(clientCertificates(), {
    metrics: newMetrics(),
    clock: newFakeClock(),
    allowAnonymous: true,
  });
  const served = filter(() => Promise.reject(new StatusError('Unauthorized', 'the backend does not know you')));
  await expect(served(resolved())).rejects.toThrow('the backend does not know you');
});

describe('a request with a client certificate', () => {
  it('comes from its holder, who is told which certificate it was', async () => {
    const clientCertificate = { commonName: 'jane', organizations: ['devs'], fingerprint: 'AB:0C' };
    const incoming = { ...newIncoming({ path: '/' }), clientCertificate };
    expect(await clientCertificates().authenticate(incoming)).toEqual({
      name: 'jane',
      groups: ['devs'],
      extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=ab0c'] },
    });
  });

  it('tells how long the certificate is still good for', async () => {
    const clock = newFakeClock(1_000_000);
    const metrics = newMetrics();
    const filter = withAuthentication(clientCertificates(), { metrics, clock, allowAnonymous: false });
    const clientCertificate = { commonName: 'jane', organizations: [], expiresMs: clock.now() + 5000_000 };
    const incoming = newIncoming({ path: '/version' });
    const info = requestInfo('GET', incoming.url);
    const req: Resolved = withFacts(incoming, { info, auditId: '', warn: () => undefined, clientCertificate });
    await filter(async () => ({ kind: 'object', status: 200, body: {} }))(req);
    const text = await metrics.registry.metrics();
    const name = 'apiserver_client_certificate_expiration_seconds';
    expect(text).toContain(`${name}_sum 5000`);
    expect(text).toContain(`${name}_bucket{le="3600"} 0`);
    expect(text).toContain(`${name}_bucket{le="7200"} 1`);
  });
});
