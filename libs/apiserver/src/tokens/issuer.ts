import { randomUUID, type KeyObject } from 'node:crypto';
import {
  badRequest,
  type Cause,
  conflict,
  invalid,
  type KubeObject,
  notFound,
  parseApiVersion,
  timestamp,
} from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { IssueToken } from '@kubephant/resources';
import type { Pod, ServiceAccount, TokenRequest } from '@kubephant/schema';
import { serviceAccountUsername } from '../authentication/users';
import type { Place, ServiceAccountClaims } from './claims';
import { signJws } from './jws';

export interface IssuerConfig {
  readonly issuer: string;
  /** Audiences of tokens that ask for none. */
  readonly audiences: readonly string[];
  /** Longest life of a token, in seconds. */
  readonly maxSeconds?: number;
}

/** Where the objects are that a token may be bound to, and for a pod the node it is on. */
export interface BindableObjects {
  find(kind: 'Pod' | 'Secret' | 'Node', namespace: string, name: string): Promise<KubeObject | undefined>;
}

export interface IssuerDependencies {
  readonly key: KeyObject;
  readonly objects: BindableObjects;
  readonly clock: Clock;
}

/** Upstream's limits: at least ten minutes, at most 2^32 seconds. */
const minSeconds = 600;
const maxSeconds = 2 ** 32;

/** Makes tokens for `serviceaccounts/token` (upstream: TokenRequest API). */
export function newTokenIssuer(deps: IssuerDependencies, config: IssuerConfig): IssueToken {
  return async (target, input) => {
    const request = input as TokenRequest;
    checkName(target.key.name, request.metadata);
    const account = await target.get();
    checkUid(account, request.metadata);
    const { spec } = request;
    const causes = validate(spec);
    if (causes.length > 0) throw invalid(tokenRequest, '', causes);
    const audiences = spec.audiences?.length ? spec.audiences : config.audiences;
    const seconds = Math.min(spec.expirationSeconds ?? 0, config.maxSeconds ?? maxSeconds);
    const bound = await boundTo(account, spec.boundObjectRef, deps.objects);
    const lenient = bound.pod !== undefined && seconds === kubeletSeconds && isForThisServer(audiences, config);
    const claims = claimsFor(account, bound, { ...config, audiences, seconds, lenient, nowMs: deps.clock.now() });
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: metadataOf(request, account, deps.clock),
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
      status: { token: signJws(claims, deps.key), expirationTimestamp: timestamp((claims.iat + seconds) * 1000) },
    } as unknown as KubeObject;
  };
}

/**
 * What kubelets ask for where a pod says nothing. Old clients do not read their token again, so such a token lives a
 * year and only warns after the time that was asked for.
 */
const kubeletSeconds = 3607;
const lenientSeconds = 365 * 24 * 3600;

const isForThisServer = (asked: readonly string[], { audiences }: IssuerConfig): boolean =>
  asked.every((audience) => audiences.includes(audience));

const tokenRequest = { group: 'authentication.k8s.io', kind: 'TokenRequest' };

function checkName(account: string, { name }: Partial<KubeObject['metadata']>): void {
  if (!name || name === account) return;
  const message = `Invalid value: ${JSON.stringify(name)}: must match the service account name if specified`;
  throw invalid(tokenRequest, account, [{ reason: 'FieldValueInvalid', field: 'metadata.name', message }]);
}

function checkUid({ metadata }: ServiceAccount, { uid }: Partial<KubeObject['metadata']>): void {
  if (!uid || uid === metadata.uid) return;
  const why = `the UID in the token request (${uid}) does not match the UID of the service account (${metadata.uid})`;
  throw conflict({ group: tokenRequest.group, resource: tokenRequest.kind }, metadata.name, why);
}

const metadataOf = (request: TokenRequest, { metadata }: ServiceAccount, clock: Clock): object => ({
  ...request.metadata,
  name: metadata.name,
  namespace: metadata.namespace,
  uid: metadata.uid,
  creationTimestamp: timestamp(clock.now()),
});

function validate({ expirationSeconds = 0 }: TokenRequest['spec']): readonly Cause[] {
  const field = 'spec.expirationSeconds';
  const refuse = (why: string): Cause => ({
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${expirationSeconds}: ${why}`,
  });
  if (expirationSeconds < minSeconds) return [refuse('may not specify a duration less than 10 minutes')];
  return expirationSeconds > maxSeconds ? [refuse('may not specify a duration larger than 2^32 seconds')] : [];
}

type Binding = Pick<ServiceAccountClaims['kubernetes.io'], 'pod' | 'secret' | 'node'>;

const resources = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const;

/** The object a token is asked to be bound to, which must exist, and be a pod of this account where it is a pod. */
async function boundTo(
  account: ServiceAccount,
  ref: TokenRequest['spec']['boundObjectRef'],
  objects: BindableObjects,
): Promise<Binding> {
  if (!ref) return {};
  const { kind = '' } = ref;
  if (!isBindable(kind) || ref.apiVersion?.includes('/')) throw unbindable(ref);
  const object = await existing({ ...ref, kind }, account, objects);
  const { name, uid } = object.metadata;
  if (kind !== 'Pod') return { [kind.toLowerCase()]: { name, uid } };
  demandSameAccount(account, object as Pod);
  return { pod: { name, uid }, ...(await nodeOf(object, objects)) };
}

interface Wanted {
  readonly kind: keyof typeof resources;
  readonly name?: string;
  readonly uid?: string;
}

async function existing(
  { kind, name = '', uid }: Wanted,
  account: ServiceAccount,
  objects: BindableObjects,
): Promise<KubeObject> {
  const { namespace = '' } = kind === 'Node' ? {} : account.metadata;
  const object = await objects.find(kind, namespace, name);
  if (!object) throw notFound({ group: '', resource: resources[kind] }, name);
  if (!uid || uid === object.metadata.uid) return object;
  const why = `the UID in the bound object reference (${uid}) does not match the UID in record`;
  const gone = 'The object might have been deleted and then recreated';
  throw conflict({ group: '', resource: kind }, name, `${why}. ${gone}`);
}

function demandSameAccount({ metadata }: ServiceAccount, { spec }: Pod): void {
  if (spec.serviceAccountName === metadata.name) return;
  const account = JSON.stringify(metadata.name);
  throw badRequest(
    `cannot bind token for serviceaccount ${account} to pod running with different serviceaccount name.`,
  );
}

const isBindable = (kind: string): kind is keyof typeof resources => Object.hasOwn(resources, kind);

function unbindable({ apiVersion = '', kind = '' }: NonNullable<TokenRequest['spec']['boundObjectRef']>): Error {
  const { group, version } = parseApiVersion(apiVersion);
  return badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
}

async function nodeOf(pod: KubeObject, objects: BindableObjects): Promise<{ readonly node?: Place }> {
  const { nodeName } = (pod as { spec?: { nodeName?: string } }).spec ?? {};
  const node = nodeName ? await objects.find('Node', '', nodeName) : undefined;
  // Readers of the token may want to know the place of a pod also when nothing is known of it.
  if (!nodeName) return {};
  return { node: node ? { name: nodeName, uid: node.metadata.uid } : { name: nodeName } };
}

interface Terms {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly seconds: number;
  /** Whether the token only warns when its time is over. */
  readonly lenient: boolean;
  readonly nowMs: number;
}

function claimsFor({ metadata }: ServiceAccount, bound: Binding, terms: Terms): ServiceAccountClaims {
  const { name, namespace = '', uid } = metadata;
  const now = Math.floor(terms.nowMs / 1000);
  return {
    aud: terms.audiences,
    exp: now + (terms.lenient ? lenientSeconds : terms.seconds),
    iat: now,
    iss: terms.issuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...bound,
      serviceaccount: { name, uid },
      ...(terms.lenient && { warnafter: now + terms.seconds }),
    },
    nbf: now,
    sub: serviceAccountUsername({ namespace, name }),
  };
}
