import { createHash } from 'node:crypto';
import { StatusError, unauthorized } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { Incoming, UserInfo } from '@kubephant/serving';

/** Decides who may ask a kubelet for what; throws Unauthorized or Forbidden. */
export type Access = (req: Incoming) => Promise<UserInfo>;

/** As long as upstream's webhook caches: a yes may be remembered for minutes, a no for seconds. */
const remembered = { tokenMs: 120_000, yesMs: 300_000, noMs: 30_000 };
const maxRemembered = 5000;

interface Deps {
  readonly client: Client;
  readonly clock: Clock;
  readonly nodeName: string;
}

/**
 * Client certificates (which the TLS layer verified) and bearer tokens (which the API server reviews) say who asks;
 * SubjectAccessReview says what they may.
 */
export function newAccess(deps: Deps): Access {
  const tokens = newMemo<UserInfo | undefined>(deps.clock, () => remembered.tokenMs);
  const decisions = newMemo<boolean>(deps.clock, (allowed) => (allowed ? remembered.yesMs : remembered.noMs));
  return async (req) => {
    const user = await authenticate(deps, tokens, req);
    if (!user) throw unauthorized();
    for (const attributes of attributesOf(req)) {
      const key = JSON.stringify([user, attributes]);
      if (await decisions(key, () => review(deps, user, attributes, req.signal))) return user;
    }
    const asked = attributesOf(req);
    const subresources = asked.map(({ subresource }) => subresource).join(' ');
    throw new StatusError(
      'Forbidden',
      `Forbidden (user=${user.name}, verb=${asked[0].verb}, resource=nodes, subresource(s)=[${subresources}])`,
    );
  };
}

type Memo<T> = (key: string, ask: () => Promise<T>) => Promise<T>;

function newMemo<T>(clock: Clock, keepMs: (value: T) => number): Memo<T> {
  const known = new Map<string, { readonly value: T; readonly untilMs: number }>();
  return async (key, ask) => {
    const hit = known.get(key);
    if (hit && clock.now() < hit.untilMs) return hit.value;
    const value = await ask();
    // Bounded, so that nobody can fill the memory with questions.
    if (known.size >= maxRemembered) known.clear();
    known.set(key, { value, untilMs: clock.now() + keepMs(value) });
    return value;
  };
}

async function authenticate(
  deps: Deps,
  tokens: Memo<UserInfo | undefined>,
  req: Incoming,
): Promise<UserInfo | undefined> {
  const { clientCertificate: certificate } = req;
  if (certificate?.commonName) {
    return { name: certificate.commonName, groups: [...certificate.organizations, 'system:authenticated'] };
  }
  const [, token] = /^Bearer (.+)$/i.exec(req.headers.get('authorization') ?? '') ?? [];
  if (token === undefined) return undefined;
  const key = createHash('sha256').update(token).digest('hex');
  return await tokens(key, () => reviewToken(deps, token, req.signal));
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly uid?: string; readonly groups?: readonly string[] };
  };
}

async function reviewToken({ client }: Deps, token: string, signal: AbortSignal): Promise<UserInfo | undefined> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const { status } = await client.review<TokenReview>('/apis/authentication.k8s.io/v1/tokenreviews', body, signal);
  if (!status?.authenticated || !status.user?.username) return undefined;
  const { username, uid, groups = [] } = status.user;
  return { name: username, groups, ...(uid && { uid }) };
}

interface NodeAttributes {
  readonly verb: string;
  readonly subresource: string;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
/** Paths that run something: reading is not enough for them, however the request is made. */
const sessions = new Set(['exec', 'attach', 'portForward', 'run']);
const subresources: Readonly<Record<string, readonly string[]>> = {
  stats: ['stats'],
  metrics: ['metrics'],
  logs: ['log'],
  pods: ['pods', 'proxy'],
  runningpods: ['pods', 'proxy'],
  healthz: ['healthz', 'proxy'],
  configz: ['configz', 'proxy'],
};

/** What must be allowed, the first of these that is (KEP-2862: fine-grained names before `nodes/proxy`). */
function attributesOf({ method, url }: Incoming): readonly [NodeAttributes, ...NodeAttributes[]] {
  const [, first = ''] = url.pathname.split('/');
  const verb = sessions.has(first) ? 'create' : (verbs[method] ?? method.toLowerCase());
  const [name = 'proxy', ...others] = Object.hasOwn(subresources, first) ? (subresources[first] ?? []) : ['proxy'];
  return [{ verb, subresource: name }, ...others.map((subresource) => ({ verb, subresource }))];
}

async function review(
  { client, nodeName }: Deps,
  user: UserInfo,
  { verb, subresource }: NodeAttributes,
  signal: AbortSignal,
): Promise<boolean> {
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: user.name,
      groups: user.groups,
      ...(user.uid && { uid: user.uid }),
      resourceAttributes: { verb, group: '', version: 'v1', resource: 'nodes', subresource, name: nodeName },
    },
  };
  type Review = { readonly status?: { readonly allowed?: boolean } };
  const answer = await client.review<Review>('/apis/authorization.k8s.io/v1/subjectaccessreviews', body, signal);
  return answer.status?.allowed === true;
}
