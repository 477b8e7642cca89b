import { randomUUID, type KeyObject } from 'node:crypto';
import { badRequest, type Cause, conflict, invalid, type KubeObject, notFound, timestamp } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { IssueToken } from '@kubephant/resources';
import type { Pod, ServiceAccount, TokenRequest } from '@kubephant/schema';
import { serviceAccountUsername } from '../authentication/users';
import type { Reference, ServiceAccountClaims } from './claims';
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

/** Upstream's limits: at least ten minutes, at most 2^32 seconds; an hour when nothing is said. */
const minSeconds = 600;
const maxSeconds = 2 ** 32;
const defaultSeconds = 3600;

/** Makes tokens for `serviceaccounts/token` (upstream: TokenRequest API). */
export function newTokenIssuer(deps: IssuerDependencies, config: IssuerConfig): IssueToken {
  return async (target, input) => {
    const request = input as TokenRequest;
    const account = await target.get();
    const spec = { ...request.spec, expirationSeconds: request.spec.expirationSeconds ?? defaultSeconds };
    const causes = validate(spec);
    if (causes.length > 0) throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', causes);
    const audiences = spec.audiences?.length ? spec.audiences : config.audiences;
    const seconds = Math.min(spec.expirationSeconds, config.maxSeconds ?? maxSeconds);
    const bound = await boundTo(account, spec.boundObjectRef, deps.objects);
    const claims = claimsFor(account, bound, { ...config, audiences, seconds, nowMs: deps.clock.now() });
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: metadataOf(account, deps.clock),
      spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
      status: { token: signJws(claims, deps.key), expirationTimestamp: timestamp(claims.exp * 1000) },
    } as unknown as KubeObject;
  };
}

const metadataOf = ({ metadata: { name, namespace, uid } }: ServiceAccount, clock: Clock): object => ({
  name,
  namespace,
  uid,
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
  const { kind = '', name = '', uid } = ref;
  if (!isBindable(kind)) throw unbindable(kind);
  const gr = { group: '', resource: resources[kind] };
  const object = await objects.find(kind, account.metadata.namespace ?? '', name);
  if (!object) throw notFound(gr, name);
  if (uid && uid !== object.metadata.uid) {
    throw conflict(
      gr,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const reference = { name, uid: object.metadata.uid };
  if (kind !== 'Pod') return { [kind.toLowerCase()]: reference };
  demandSameAccount(account, object as Pod);
  return { pod: reference, ...(await nodeOf(object, objects)) };
}

function demandSameAccount({ metadata }: ServiceAccount, { spec }: Pod): void {
  if (spec.serviceAccountName === metadata.name) return;
  const account = JSON.stringify(metadata.name);
  throw badRequest(
    `cannot bind token for serviceaccount ${account} to pod running with different serviceaccount name.`,
  );
}

const isBindable = (kind: string): kind is keyof typeof resources => Object.hasOwn(resources, kind);

const unbindable = (kind: string): Error =>
  invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.boundObjectRef.kind',
      message: `Invalid value: ${JSON.stringify(kind)}: cannot bind token for serviceaccount to type, supported types are: Pod, Secret, Node`,
    },
  ]);

async function nodeOf(pod: KubeObject, objects: BindableObjects): Promise<{ readonly node?: Reference }> {
  const { nodeName } = (pod as { spec?: { nodeName?: string } }).spec ?? {};
  const node = nodeName ? await objects.find('Node', '', nodeName) : undefined;
  return node ? { node: { name: node.metadata.name, uid: node.metadata.uid } } : {};
}

interface Terms {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly nowMs: number;
}

function claimsFor({ metadata }: ServiceAccount, bound: Binding, terms: Terms): ServiceAccountClaims {
  const { name, namespace = '', uid } = metadata;
  const now = Math.floor(terms.nowMs / 1000);
  return {
    aud: terms.audiences,
    exp: now + terms.seconds,
    iat: now,
    iss: terms.issuer,
    jti: randomUUID(),
    'kubernetes.io': { namespace, ...bound, serviceaccount: { name, uid } },
    nbf: now,
    sub: serviceAccountUsername({ namespace, name }),
  };
}
