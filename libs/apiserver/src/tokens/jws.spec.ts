import { generateKeyPairSync } from 'node:crypto';
import { jwkOf, signJws, verificationKey, verifyJws } from './jws';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys = [verificationKey(rsa.publicKey), verificationKey(ec.publicKey)];
const claims = { sub: 'x', n: 1 };

describe.each([
  ['RS256', rsa.privateKey],
  ['ES256', ec.privateKey],
] as const)('a token signed with %s', (algorithm, key) => {
  const token = signJws(claims, key);

  it('is verified by its key', () => {
    expect(verifyJws(token, keys)).toEqual(claims);
    expect(jwkOf(verificationKey(key))).toMatchObject({ use: 'sig', alg: algorithm });
  });

  it.each([
    [
      'other claims',
      ([head, , signature]: string[]) => [head, Buffer.from('{"sub":"root"}').toString('base64url'), signature],
    ],
    ['no signature', ([head, body]: string[]) => [head, body, '']],
    ['the algorithm "none"', ([, body]: string[]) => [Buffer.from('{"alg":"none"}').toString('base64url'), body, 'x']],
    [
      'the algorithm of a shared secret',
      ([, body, signature]: string[]) => [Buffer.from('{"alg":"HS256"}').toString('base64url'), body, signature],
    ],
    ['a fourth part', (parts: string[]) => [...parts, 'x']],
  ])('is refused with %s', (_, forge) => {
    expect(verifyJws(forge(token.split('.')).join('.'), keys)).toBeUndefined();
  });

  it('is refused by other keys', () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(verifyJws(token, [verificationKey(stranger.publicKey)])).toBeUndefined();
  });
});

it.each(['', 'a', 'a.b', 'a.b.c', `${'x'.repeat(20_000)}.y.z`])('%#: what is no JWT is nobody’s', (token) => {
  expect(verifyJws(token, keys)).toBeUndefined();
});

it('only RSA and P-256 keys are taken', () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  expect(() => verificationKey(publicKey)).toThrow('must be RSA or ECDSA P-256');
});
