import { unauthorized, type ObjectKey } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { UserInfo } from '@kubephant/serving';
import { asServiceAccountClaims, type Reference, type ServiceAccountClaims } from '../tokens/claims';
import { peekClaims, verifyJws, type VerificationKey } from '../tokens/jws';
import type { TokenAuthenticator } from './authenticate';
import { newLru } from './lru';
import { credentialId, serviceAccountGroups, serviceAccountUsername } from './users';

export type BoundResource = 'serviceaccounts' | 'pods' | 'secrets' | 'nodes';

/** What tokens are bound to, as it is now. */
export interface BoundObjects {
  /**
   * The uid of an object that exists and, if it is being deleted, has not been for long; undefined otherwise. An
   * answer from memory is good enough when it is the expected one.
   */
  uid(resource: BoundResource, key: ObjectKey, expected: string): Promise<string | undefined>;
}

export interface ServiceAccountTokensConfig {
  /** The first is the one new tokens name. */
  readonly issuers: readonly string[];
  /** Whom tokens must be meant for to be accepted here. */
  readonly audiences: readonly string[];
}

export interface ServiceAccountTokensDeps {
  readonly keys: readonly VerificationKey[];
  readonly objects: BoundObjects;
  readonly clock: Clock;
}

interface Verified {
  readonly claims: ServiceAccountClaims;
  readonly user: UserInfo;
}

/** Signatures are checked once per token; time, audience and bound objects on every use. */
const rememberedTokens = 4096;

export function newServiceAccountTokens(
  { keys, objects, clock }: ServiceAccountTokensDeps,
  { issuers, audiences: ownAudiences }: ServiceAccountTokensConfig,
): TokenAuthenticator {
  const verified = newLru<string, Verified>(rememberedTokens);

  const verifiedOf = (token: string): Verified | undefined => {
    const known = verified.get(token);
    if (known) return known;
    if (!issuers.includes(peekClaims(token)?.['iss'] as string)) return undefined;
    const signed = verifyJws(token, keys);
    const claims = signed && asServiceAccountClaims(signed);
    if (!claims) throw unauthorized();
    const result = { claims, user: userOf(claims) };
    verified.set(token, result);
    return result;
  };

  return {
    async authenticate(token, audiences = ownAudiences) {
      const found = verifiedOf(token);
      if (!found) return undefined;
      const { claims, user } = found;
      const nowSeconds = clock.now() / 1000;
      const current = nowSeconds < claims.exp && nowSeconds >= claims.nbf - 1;
      if (!current || !claims.aud.some((audience) => audiences.includes(audience))) throw unauthorized();
      if (!(await isBound(claims, objects))) throw unauthorized();
      return user;
    },
  };
}

/** Whether everything the token is bound to is still the same object. */
async function isBound({ 'kubernetes.io': bound }: ServiceAccountClaims, objects: BoundObjects): Promise<boolean> {
  const { namespace } = bound;
  const same = async (resource: BoundResource, reference: Reference | undefined, key: ObjectKey): Promise<boolean> =>
    !reference || (await objects.uid(resource, key, reference.uid)) === reference.uid;
  return (
    (await same('serviceaccounts', bound.serviceaccount, { namespace, name: bound.serviceaccount.name })) &&
    (await same('pods', bound.pod, { namespace, name: bound.pod?.name ?? '' })) &&
    (await same('secrets', bound.secret, { namespace, name: bound.secret?.name ?? '' })) &&
    // A token of a pod names its node for information; only one bound to a node alone dies with it.
    (bound.pod !== undefined || (await same('nodes', bound.node, { name: bound.node?.name ?? '' })))
  );
}

const extraPrefix = 'authentication.kubernetes.io/';

function userOf({ jti, 'kubernetes.io': { namespace, serviceaccount, pod, node } }: ServiceAccountClaims): UserInfo {
  const name = { namespace, name: serviceaccount.name };
  return {
    name: serviceAccountUsername(name),
    uid: serviceaccount.uid,
    groups: serviceAccountGroups(name),
    extra: {
      [credentialId]: [`JTI=${jti}`],
      ...(node && { [`${extraPrefix}node-name`]: [node.name], [`${extraPrefix}node-uid`]: [node.uid] }),
      ...(pod && { [`${extraPrefix}pod-name`]: [pod.name], [`${extraPrefix}pod-uid`]: [pod.uid] }),
    },
  };
}
