import { badRequest, StatusError } from '@kubephant/api';
import {
  statusReply,
  withFacts,
  withHeaders,
  type Authenticated,
  type Authorizer,
  type Filter,
  type RequestHeaders,
  type RequestInfo,
  type UserInfo,
} from '@kubephant/serving';
import { demand } from '../authorization/authorize';
import {
  anonymous,
  authenticated,
  nodeNameOf,
  serviceAccountGroups,
  serviceAccountOf,
  unauthenticated,
  type ServiceAccountName,
} from './users';

/** Whom the `Impersonate-…` headers ask to be taken for. */
interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const extraPrefix = 'impersonate-extra-';

/** Serves a request as another user, for those who may act as that user. */
export function withImpersonation(authorizer: Authorizer): Filter<Authenticated> {
  return (next) => async (req) => {
    const wanted = wantedOf(req.headers);
    if (!wanted) return next(req);
    try {
      if (!wanted.name) throw badRequest(`requested ${goUser(wanted)} without impersonating a user name`);
      await demandImpersonation(authorizer, req, wanted);
    } catch (err) {
      if (!(err instanceof StatusError)) throw err;
      return withHeaders(statusReply(err), { 'x-content-type-options': 'nosniff' });
    }
    return next(withFacts(req, { user: impersonated(wanted) }));
  };
}

function wantedOf(headers: RequestHeaders): Wanted | undefined {
  if (!mentions(headers)) return undefined;
  const extra: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [field, value] of headers) {
    if (field.startsWith(extraPrefix)) extra[decoded(field.slice(extraPrefix.length))] = list(value);
  }
  return {
    name: headers.get('impersonate-user') ?? '',
    uid: headers.get('impersonate-uid') ?? '',
    groups: list(headers.get('impersonate-group') ?? ''),
    extra,
  };
}

function mentions(headers: RequestHeaders): boolean {
  for (const [field, value] of headers) if (isAsked(field, value)) return true;
  return false;
}

/** An empty name or uid is none; an empty group is one. */
const isAsked = (field: string, value: string): boolean =>
  field === 'impersonate-group' ||
  field.startsWith(extraPrefix) ||
  (value !== '' && (field === 'impersonate-user' || field === 'impersonate-uid'));

/** Several fields of one name arrive joined. */
const list = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // As upstream: a name that is not an escape is taken as it is.
    return name;
  }
}

function impersonated({ name, uid, groups, extra }: Wanted): UserInfo {
  const account = serviceAccountOf(name);
  const own = groups.length === 0 && account ? serviceAccountGroups(account) : groups;
  const everyone = name === anonymous.name ? unauthenticated : authenticated;
  return {
    name,
    groups: own.includes(authenticated) || own.includes(unauthenticated) ? own : [...own, everyone],
    ...(uid && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

/** A resource and a name that must be allowed; for users also in the group that constrained impersonation uses. */
interface Demand {
  readonly resource: string;
  readonly group: string;
  readonly name: string;
  readonly namespace?: string;
  readonly subresource?: string;
}

const authentication = 'authentication.k8s.io';

function demandsFor(wanted: Wanted, account: ServiceAccountName | undefined): readonly Demand[] {
  const extras = Object.entries(wanted.extra).flatMap(([subresource, values]) =>
    values.map((name) => ({ resource: 'userextras', group: authentication, subresource, name })),
  );
  return [
    account
      ? { resource: 'serviceaccounts', group: '', ...account }
      : { resource: 'users', group: '', name: wanted.name },
    ...wanted.groups.map((name) => ({ resource: 'groups', group: '', name })),
    ...extras,
    ...(wanted.uid ? [{ resource: 'uids', group: authentication, name: wanted.uid }] : []),
  ];
}

/**
 * The verb `impersonate` on everything wanted; or, without it, upstream's constrained impersonation (KEP-5284): the
 * request's own verb as `impersonate-on:MODE:VERB`, and `impersonate:MODE` on who is wanted.
 */
async function demandImpersonation(authorizer: Authorizer, req: Authenticated, wanted: Wanted): Promise<void> {
  const { user, info } = req;
  const account = serviceAccountOf(wanted.name);
  const demands = demandsFor(wanted, account);
  const unrestricted = demands.map((demanded) => ({ user, info: infoOf('impersonate', demanded) }));
  const decisions = await Promise.all(unrestricted.map((attributes) => authorizer.authorize(attributes)));
  const refused = unrestricted.find((_, index) => decisions[index]?.verdict !== 'allow');
  if (!refused) return;
  // Nodes are never impersonated by halves.
  if (nodeNameOf({ name: wanted.name, groups: ['system:nodes'] }) !== undefined) return demand(authorizer, refused);
  const mode = account ? 'serviceaccount' : 'user-info';
  await demand(authorizer, { user, info: { ...info, verb: `impersonate-on:${mode}:${info.verb}` } });
  for (const demanded of demands) {
    const constrained = { ...demanded, group: authentication };
    await demand(authorizer, { user, info: infoOf(`impersonate:${mode}`, constrained) });
  }
}

const infoOf = (verb: string, demanded: Demand): RequestInfo => ({
  isResourceRequest: true,
  path: '',
  verb,
  version: 'v1',
  ...demanded,
});

/** A user as Go prints it, which upstream's message does. */
function goUser({ name, uid, groups, extra }: Wanted): string {
  const strings = (values: readonly string[]): string => `{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const extras = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:[]string${strings(values)}`);
  const parts = [
    `Name:${JSON.stringify(name)}`,
    `UID:${JSON.stringify(uid)}`,
    `Groups:[]string${groups.length > 0 ? strings(groups) : '(nil)'}`,
    `Extra:map[string][]string${extras.length > 0 ? `{${extras.join(', ')}}` : '(nil)'}`,
  ];
  return `&user.DefaultInfo{${parts.join(', ')}}`;
}
