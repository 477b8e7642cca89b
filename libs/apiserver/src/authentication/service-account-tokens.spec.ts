import { generateKeyPairSync } from 'node:crypto';
import { newFakeClock } from '@kubephant/base/testing';
import type { ServiceAccountClaims } from '../tokens/claims';
import { signJws, verificationKey } from '../tokens/jws';
import { newServiceAccountTokens } from './service-account-tokens';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuer = 'https://issuer';
const now = 1_000_000;

const claims = (change: Partial<ServiceAccountClaims> = {}, bound: object = {}): ServiceAccountClaims => ({
  iss: issuer,
  sub: 'system:serviceaccount:ns:sa',
  aud: ['api'],
  iat: now,
  nbf: now,
  exp: now + 600,
  jti: 'id',
  'kubernetes.io': { namespace: 'ns', serviceaccount: { name: 'sa', uid: 'sa-uid' }, ...bound },
  ...change,
});

function setUp() {
  const clock = newFakeClock(now * 1000);
  const existing = new Map([
    ['serviceaccounts/ns/sa', 'sa-uid'],
    ['pods/ns/p', 'p-uid'],
    ['nodes//n', 'n-uid'],
  ]);
  const objects = {
    uid: async (resource: string, { namespace = '', name }: { namespace?: string | undefined; name: string }) =>
      existing.get(`${resource}/${namespace}/${name}`),
  };
  const tokens = newServiceAccountTokens(
    { keys: [verificationKey(publicKey)], objects, clock },
    { issuers: [issuer], audiences: ['api'] },
  );
  return { clock, existing, tokens };
}

const pod = { pod: { name: 'p', uid: 'p-uid' }, node: { name: 'n', uid: 'n-uid' } };
const refused = { reason: 'Unauthorized' };

describe('a service account token', () => {
  it('makes its bearer the service account, and says where it is', async () => {
    const { tokens } = setUp();
    await expect(tokens.authenticate(signJws(claims({}, pod), privateKey))).resolves.toEqual({
      name: 'system:serviceaccount:ns:sa',
      uid: 'sa-uid',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'],
      extra: {
        'authentication.kubernetes.io/credential-id': ['JTI=id'],
        'authentication.kubernetes.io/pod-name': ['p'],
        'authentication.kubernetes.io/pod-uid': ['p-uid'],
        'authentication.kubernetes.io/node-name': ['n'],
        'authentication.kubernetes.io/node-uid': ['n-uid'],
      },
    });
  });

  it.each([
    ['expired', { exp: now }],
    ['not yet valid', { nbf: now + 10 }],
    ['meant for others', { aud: ['vault'] }],
    ['without claims of ours', { 'kubernetes.io': undefined as never }],
  ])('is refused when %s', async (_, change) => {
    const { tokens } = setUp();
    await expect(tokens.authenticate(signJws(claims(change), privateKey))).rejects.toMatchObject(refused);
  });

  it('expires while it is remembered', async () => {
    const { tokens, clock } = setUp();
    const token = signJws(claims(), privateKey);
    await expect(tokens.authenticate(token)).resolves.toMatchObject({ uid: 'sa-uid' });
    await clock.advance(600_000);
    await expect(tokens.authenticate(token)).rejects.toMatchObject(refused);
  });

  it.each(['serviceaccounts/ns/sa', 'pods/ns/p'])('dies with what it is bound to: %s', async (key) => {
    const { tokens, existing } = setUp();
    const token = signJws(claims({}, pod), privateKey);
    await tokens.authenticate(token);
    existing.set(key, 'another-uid');
    await expect(tokens.authenticate(token)).rejects.toMatchObject(refused);
  });

  it('of a pod does not die with the node it names', async () => {
    const { tokens, existing } = setUp();
    existing.delete('nodes//n');
    await expect(tokens.authenticate(signJws(claims({}, pod), privateKey))).resolves.toMatchObject({ uid: 'sa-uid' });
  });

  it('can be reviewed for the audience it is meant for', async () => {
    const { tokens } = setUp();
    const token = signJws(claims({ aud: ['vault'] }), privateKey);
    await expect(tokens.authenticate(token, ['vault'])).resolves.toMatchObject({ uid: 'sa-uid' });
  });

  it('of another issuer is not ours to judge', async () => {
    const { tokens } = setUp();
    await expect(tokens.authenticate(signJws(claims({ iss: 'https://x' }), privateKey))).resolves.toBeUndefined();
  });

  it('signed by someone else is refused', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await expect(setUp().tokens.authenticate(signJws(claims(), stranger.privateKey))).rejects.toMatchObject(refused);
  });
});
