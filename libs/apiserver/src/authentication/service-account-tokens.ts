import { StatusError, type ObjectKey } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { UserInfo } from '@kubephant/serving';
import { asServiceAccountClaims, type Place, type ServiceAccountClaims } from '../tokens/claims';
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
    if (!claims) throw refused('go-jose/go-jose: error in cryptographic primitive');
    const result = { claims, user: userOf(claims) };
    verified.set(token, result);
    return result;
  };

  return {
    async authenticate(token, audiences = ownAudiences) {
      const found = verifiedOf(token);
      if (!found) return undefined;
      const { claims, user } = found;
      const problem =
        audienceProblem(claims.aud, audiences) ??
        timeProblem(claims, clock.now() / 1000) ??
        (await bindingProblem(claims, objects));
      if (problem !== undefined) throw refused(problem);
      return user;
    },
  };
}

/** Clients are told that they are not authorized, and reviews of the token why. */
const refused = (why: string): StatusError =>
  new StatusError('Unauthorized', 'Unauthorized', undefined, { cause: why });

const quoted = (texts: readonly string[]): string => `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

function audienceProblem(audiences: readonly string[], wanted: readonly string[]): string | undefined {
  if (audiences.some((audience) => wanted.includes(audience))) return undefined;
  return `token audiences ${quoted(audiences)} is invalid for the target audiences ${quoted(wanted)}`;
}

function timeProblem({ exp, nbf }: ServiceAccountClaims, nowSeconds: number): string | undefined {
  if (nowSeconds >= exp) return 'service account token has expired';
  return nowSeconds < nbf - 1 ? 'service account token is not valid yet' : undefined;
}

interface Bond {
  readonly resource: BoundResource;
  readonly reference: Place | undefined;
  readonly namespace?: string;
  /** What upstream calls the object and its claim. */
  readonly words: string;
}

/** Why the token is none any more: what it is bound to is gone, or is another object of that name. */
async function bindingProblem(
  { 'kubernetes.io': bound }: ServiceAccountClaims,
  objects: BoundObjects,
): Promise<string | undefined> {
  const { namespace, serviceaccount, secret, pod, node } = bound;
  const bonds: readonly Bond[] = [
    { resource: 'serviceaccounts', reference: serviceaccount, namespace, words: 'service account|claim' },
    { resource: 'secrets', reference: secret, namespace, words: 'secret|service account secret ref claim' },
    { resource: 'pods', reference: pod, namespace, words: 'pod|service account pod ref claim' },
    // A token of a pod names its node for information; only one bound to a node alone dies with it.
    { resource: 'nodes', reference: pod ? undefined : node, words: 'node|service account node ref claim' },
  ];
  for (const bond of bonds) {
    const problem = await bondProblem(bond, objects);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function bondProblem({ resource, reference, namespace, words }: Bond, objects: BoundObjects) {
  if (!reference) return undefined;
  const { name, uid = '' } = reference;
  const found = await objects.uid(resource, { name, ...(namespace !== undefined && { namespace }) }, uid);
  if (found === uid) return undefined;
  if (found === undefined) {
    return resource === 'serviceaccounts'
      ? `${resource} ${JSON.stringify(name)} not found`
      : 'service account token has been invalidated';
  }
  const [object = '', claim = ''] = words.split('|');
  return `${object} UID (${found}) does not match ${claim} (${uid})`;
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
      ...(node && { [`${extraPrefix}node-name`]: [node.name] }),
      ...(node?.uid && { [`${extraPrefix}node-uid`]: [node.uid] }),
      ...(pod && { [`${extraPrefix}pod-name`]: [pod.name], [`${extraPrefix}pod-uid`]: [pod.uid] }),
    },
  };
}
