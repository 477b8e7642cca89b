import { StatusError, unauthorized } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import { newDelegatedAccess, type Incoming, type UserInfo } from '@kubephant/serving';

/** Decides who may ask a kubelet for what; throws Unauthorized or Forbidden. */
export type Access = (req: Incoming) => Promise<UserInfo>;

/** As long as upstream's webhook caches: a yes may be remembered for minutes, a no for seconds. */
const remembered = { tokenMs: 120_000, allowedMs: 300_000, deniedMs: 30_000 };

interface Deps {
  readonly client: Client;
  readonly clock: Clock;
  readonly nodeName: string;
}

/** The API server says who asks and what they may; nobody is served without credentials. */
export function newAccess(deps: Deps): Access {
  const delegated = newDelegatedAccess(deps, remembered);
  return async (req) => {
    const user = await delegated.authenticate(req);
    if (user.name === 'system:anonymous') throw unauthorized();
    const asked = attributesOf(req);
    for (const attributes of asked) {
      const resourceAttributes = { ...attributes, group: '', version: 'v1', resource: 'nodes', name: deps.nodeName };
      if (await delegated.isAllowed(user, { resourceAttributes }, req.signal)) return user;
    }
    const subresources = asked.map(({ subresource }) => subresource).join(' ');
    throw new StatusError(
      'Forbidden',
      `Forbidden (user=${user.name}, verb=${asked[0].verb}, resource=nodes, subresource(s)=[${subresources}])`,
    );
  };
}

type NodeAttributes = {
  readonly verb: string;
  readonly subresource: string;
};

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
