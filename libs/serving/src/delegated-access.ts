import { createHash } from 'node:crypto';
import { StatusError, unauthorized } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { Filter, Incoming, UserInfo } from './handler';

/** For how long answers of the API server hold. Defaults: 10 s each, as upstream's components remember them. */
export interface DelegationTimes {
  readonly tokenMs?: number;
  readonly allowedMs?: number;
  readonly deniedMs?: number;
}

export interface DelegationDependencies {
  readonly client: Pick<Client, 'review'>;
  readonly clock: Clock;
}

/** What is asked for, in the words of a SubjectAccessReview (authorization.k8s.io/v1). */
export type ReviewedAttributes =
  | { readonly nonResourceAttributes: { readonly path: string; readonly verb: string } }
  | { readonly resourceAttributes: Readonly<Record<string, string>> };

/**
 * Authentication and authorization of a component that leaves both to the API server: client certificates (which the
 * TLS layer has verified) and bearer tokens (TokenReview) say who asks, SubjectAccessReview says what they may.
 */
export interface DelegatedAccess {
  /** Requests without credentials are system:anonymous's. Throws Unauthorized for credentials that are wrong. */
  authenticate(req: Incoming): Promise<UserInfo>;
  isAllowed(user: UserInfo, attributes: ReviewedAttributes, signal: AbortSignal): Promise<boolean>;
}

export function newDelegatedAccess(
  { client, clock }: DelegationDependencies,
  { tokenMs = 10_000, allowedMs = 10_000, deniedMs = 10_000 }: DelegationTimes = {},
): DelegatedAccess {
  const users = newMemory<UserInfo | undefined>(clock, () => tokenMs);
  const decisions = newMemory<boolean>(clock, (allowed) => (allowed ? allowedMs : deniedMs));
  return {
    async authenticate(req) {
      if (req.clientCertificateError !== undefined) throw unauthorized();
      const { commonName, organizations } = req.clientCertificate ?? {};
      if (commonName) return { name: commonName, groups: [...(organizations ?? []), 'system:authenticated'] };
      const token = bearerOf(req);
      if (token === undefined) return anonymous;
      const user = await users(digestOf(token), () => reviewToken(client, token, req.signal));
      if (!user) throw unauthorized();
      return user;
    },
    isAllowed: (user, attributes, signal) =>
      decisions(JSON.stringify([user, attributes]), () => reviewAccess(client, user, attributes, signal)),
  };
}

/** Open to whoever can connect, as upstream's --authorization-always-allow-paths has it. */
const openPath = /^\/(healthz|livez|readyz)(\/|$)/;

/** Health is open to all; everything else to system:masters, and to whom the API server lets have the path. */
export function withDelegatedAccess(access: DelegatedAccess): Filter<Incoming> {
  return (next) => async (req) => {
    const path = req.url.pathname;
    if (openPath.test(path)) return next(req);
    const user = await access.authenticate(req);
    const verb = req.method.toLowerCase();
    const allowed =
      user.groups.includes('system:masters') ||
      (await access.isAllowed(user, { nonResourceAttributes: { path, verb } }, req.signal));
    if (allowed) return next(req);
    const refused = `User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}`;
    throw new StatusError('Forbidden', `forbidden: ${refused}`, {});
  };
}

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

function bearerOf({ headers }: Incoming): string | undefined {
  const [scheme = '', token] = (headers.get('authorization') ?? '').trim().split(' ', 2);
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined;
}

/** Tokens themselves are not kept. */
const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');

const maxRemembered = 5000;

type Memory<T> = (key: string, ask: () => Promise<T>) => Promise<T>;

/** Failures to get an answer are not remembered. */
function newMemory<T>(clock: Clock, keepMs: (value: T) => number): Memory<T> {
  const known = new Map<string, { readonly value: T; readonly untilMs: number }>();
  return async (key, ask) => {
    const hit = known.get(key);
    if (hit && clock.now() < hit.untilMs) return hit.value;
    const value = await ask();
    // Bounded, so that nobody can fill the memory with questions; the oldest goes first.
    known.delete(key);
    known.set(key, { value, untilMs: clock.now() + keepMs(value) });
    if (known.size > maxRemembered) known.delete(known.keys().next().value as string);
    return value;
  };
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: UserInfo['extra'];
    };
  };
}

async function reviewToken(
  client: Pick<Client, 'review'>,
  token: string,
  signal: AbortSignal,
): Promise<UserInfo | undefined> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const { status } = await client.review<TokenReview>('/apis/authentication.k8s.io/v1/tokenreviews', body, signal);
  if (!status?.authenticated || !status.user?.username) return undefined;
  const { username, uid, groups = [], extra } = status.user;
  return { name: username, groups, ...(uid && { uid }), ...(extra && { extra }) };
}

async function reviewAccess(
  client: Pick<Client, 'review'>,
  { name, uid, groups, extra }: UserInfo,
  attributes: ReviewedAttributes,
  signal: AbortSignal,
): Promise<boolean> {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: name, groups, ...(uid && { uid }), ...(extra && { extra }), ...attributes },
  };
  type Review = { readonly status?: { readonly allowed?: boolean } };
  const answer = await client.review<Review>('/apis/authorization.k8s.io/v1/subjectaccessreviews', body, signal);
  return answer.status?.allowed === true;
}
