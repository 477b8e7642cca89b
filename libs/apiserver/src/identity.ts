import { createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Clock } from '@kubephant/base';
import type { IssueToken } from '@kubephant/resources';
import type { Authenticator } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import {
  bearerTokens,
  clientCertificates,
  unionOf,
  unionOfTokens,
  type TokenAuthenticator,
} from './authentication/authenticate';
import { fingerprintsOf, requestHeaders, type RequestHeaderConfig } from './authentication/request-header';
import { newServiceAccountTokens } from './authentication/service-account-tokens';
import { newStaticTokens, type StaticToken } from './authentication/static-tokens';
import { masters } from './authentication/users';
import { bindableObjects, boundObjects } from './stored-objects';
import { newTokenIssuer } from './tokens/issuer';
import { verificationKey, type VerificationKey } from './tokens/jws';

export interface IdentityConfig {
  /** Issuer of service account tokens; also their audience unless others are given. */
  readonly issuer: string;
  readonly audiences?: readonly string[];
  /** PEM of the authorities of client certificates, which extension API servers are told. */
  readonly clientCa?: string;
  /** Proxies that say who asks; absent: none is believed. */
  readonly requestHeader?: RequestHeaderConfig;
}

/** Secrets and public keys from files. */
export interface IdentityKeys {
  /** Private: signs service account tokens. */
  readonly signingKey: KeyObject;
  /** Further keys that tokens may have been signed with. */
  readonly verificationKeys?: readonly KeyObject[];
  readonly tokens?: readonly StaticToken[];
}

export interface IdentityDependencies extends IdentityKeys {
  readonly store: Store;
  readonly clock: Clock;
}

/** Who may be who: everything about credentials. */
export interface Identity {
  readonly authenticator: Authenticator;
  readonly tokens: TokenAuthenticator;
  readonly audiences: readonly string[];
  readonly keys: readonly VerificationKey[];
  readonly issueToken: IssueToken;
  /** A bearer token of the server's own, made at start and known to nobody else. */
  readonly loopbackToken: string;
}

export function newIdentity(deps: IdentityDependencies, { issuer, ...config }: IdentityConfig): Identity {
  const { store, clock, signingKey } = deps;
  const audiences = config.audiences ?? [issuer];
  const keys = uniqueKeys([signingKey, ...(deps.verificationKeys ?? [])]);
  const loopbackToken = randomBytes(32).toString('base64url');
  const loopback = { token: loopbackToken, name: 'system:apiserver', groups: [masters] };
  const objects = boundObjects(store, clock);
  // Service accounts first: theirs are most requests, and a static token is seen at once not to be a JWT.
  const tokens = unionOfTokens([
    newServiceAccountTokens({ keys, objects, clock }, { issuers: [issuer], audiences }),
    newStaticTokens([...(deps.tokens ?? []), loopback], audiences),
  ]);
  return {
    authenticator: unionOf([...certificateHolders(config), bearerTokens(tokens)]),
    tokens,
    audiences,
    keys,
    issueToken: newTokenIssuer({ key: signingKey, objects: bindableObjects(store), clock }, { issuer, audiences }),
    loopbackToken,
  };
}

/** A proxy's certificate is never that of a user, unless both come from one authority. */
function certificateHolders({ clientCa, requestHeader }: Omit<IdentityConfig, 'issuer'>): readonly Authenticator[] {
  if (!requestHeader) return [clientCertificates()];
  const others = fingerprintsOf(requestHeader.clientCa).difference(fingerprintsOf(clientCa ?? ''));
  return [requestHeaders(requestHeader), clientCertificates(others)];
}

/** The public half of a signing key is usually also among the keys to verify with. */
function uniqueKeys(keys: readonly KeyObject[]): readonly VerificationKey[] {
  const all = keys.map((key) => verificationKey(key.type === 'private' ? createPublicKey(key) : key));
  return [...new Map(all.map((key) => [key.id, key])).values()];
}
