import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** JWS algorithms served (RFC 7518): the two that upstream's service account keys use. */
export type Algorithm = 'RS256' | 'ES256';

export interface VerificationKey {
  readonly id: string;
  readonly algorithm: Algorithm;
  readonly key: KeyObject;
}

/** A public key under the id that upstream gives it: the digest of its DER form. Throws for other kinds of keys. */
export function verificationKey(key: KeyObject): VerificationKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    id: createHash('sha256').update(der).digest('base64url'),
    algorithm: algorithmOf(publicKey),
    key: publicKey,
  };
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new TypeError(`a service account key must be RSA or ECDSA P-256, not ${asymmetricKeyType ?? 'unknown'}`);
}

/** A JSON Web Key (RFC 7517) as /openid/v1/jwks lists it. */
export function jwkOf({ id, algorithm, key }: VerificationKey): object {
  const { kty, ...parameters } = key.export({ format: 'jwk' });
  return { use: 'sig', kty, kid: id, alg: algorithm, ...parameters };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims signed, in the compact form (RFC 7515 §3.1). ECDSA signatures are r and s side by side, as JWS wants them. */
export function signJws(claims: object, privateKey: KeyObject): string {
  const { id, algorithm } = verificationKey(privateKey);
  const input = `${encode({ alg: algorithm, kid: id })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

const maxTokenBytes = 16 * 1024;

/** The claims as they stand, unverified, when the token has the form of a JWT; for telling whose it may be. */
export function peekClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const [header, payload, signature, ...more] = token.length <= maxTokenBytes ? token.split('.') : [];
  if (!header || !payload || !signature || more.length > 0) return undefined;
  return parseObject(payload);
}

/** The claims of a token that one of the keys has signed; undefined otherwise. Times and audience are the caller's. */
export function verifyJws(
  token: string,
  keys: readonly VerificationKey[],
): Readonly<Record<string, unknown>> | undefined {
  const claims = peekClaims(token);
  const [encodedHeader = '', payload = '', signature = ''] = token.split('.');
  const header = claims && parseObject(encodedHeader);
  if (!header) return undefined;
  const input = Buffer.from(`${encodedHeader}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  const signed = keys
    .filter(({ id, algorithm }) => header['alg'] === algorithm && (header['kid'] === undefined || header['kid'] === id))
    .some(({ key }) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, bytes));
  return signed ? claims : undefined;
}

function parseObject(base64url: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not JSON, so not a JWT: some other authenticator's token, or nobody's.
    return undefined;
  }
}
