import { methodNotAllowed, type Incoming, type Reply } from '@kubephant/serving';
import { jwkOf, type VerificationKey } from './jws';

export interface OpenIdConfig {
  readonly issuer: string;
  /** Where /openid/v1/jwks is reached: `https://host:port/openid/v1/jwks`. */
  readonly jwksUri: string;
}

/** OpenID Connect discovery of service account tokens, for those outside the cluster who accept them. */
export function newOpenId(
  keys: readonly VerificationKey[],
  { issuer, jwksUri }: OpenIdConfig,
): (req: Incoming) => Reply | undefined {
  const configuration = {
    issuer,
    jwks_uri: jwksUri,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ algorithm }) => algorithm))],
  };
  const pages = new Map([
    ['/.well-known/openid-configuration', document(configuration, 'application/json')],
    ['/openid/v1/jwks', document({ keys: keys.map(jwkOf) }, 'application/jwk-set+json')],
  ]);
  return ({ url, method }) => {
    const page = pages.get(url.pathname.replace(/\/$/, ''));
    if (page && method !== 'GET') throw methodNotAllowed();
    return page;
  };
}

const document = (body: object, contentType: string): Reply => ({
  kind: 'bytes',
  status: 200,
  contentType,
  chunks: [Buffer.from(JSON.stringify(body))],
  headers: { 'cache-control': 'public, max-age=3600' },
});
