import { forbidden, StatusError } from '@kubephant/api';
import {
  statusReply,
  withHeaders,
  type Authenticated,
  type AuthorizationAttributes,
  type Authorizer,
  type Decision,
  type Filter,
  type RequestInfo,
  type UserInfo,
} from '@kubephant/serving';
import { masters } from '../authentication/users';

/** The group that may do everything, whatever roles say: the way in when roles are broken. */
export const mastersAuthorizer: Authorizer = {
  authorize: async ({ user }) =>
    user.groups.includes(masters) ? { verdict: 'allow', reason: '' } : { verdict: 'noOpinion' },
};

/** The first authorizer with an opinion decides; the reasons of those without one are kept for the refusal. */
export function unionOfAuthorizers(authorizers: readonly Authorizer[]): Authorizer {
  return {
    async authorize(attributes) {
      const reasons: string[] = [];
      for (const authorizer of authorizers) {
        const decision = await authorizer.authorize(attributes);
        if (decision.verdict !== 'noOpinion') return decision;
        if (decision.reason) reasons.push(decision.reason);
      }
      return { verdict: 'noOpinion', ...(reasons.length > 0 && { reason: reasons.join('\n') }) };
    },
  };
}

/** Lets through what an authorizer allows; everything else is Forbidden. */
export function withAuthorization(authorizer: Authorizer): Filter<Authenticated> {
  return (next) => async (req) => {
    const decision = await authorizer.authorize(req);
    if (decision.verdict === 'allow') return next(req);
    return withHeaders(statusReply(refusal(req, decision)), { 'x-content-type-options': 'nosniff' });
  };
}

/** Throws Forbidden unless the user may do this too. */
export async function demand(authorizer: Authorizer, attributes: AuthorizationAttributes): Promise<void> {
  const decision = await authorizer.authorize(attributes);
  if (decision.verdict !== 'allow') throw refusal(attributes, decision);
}

/** 403 in upstream's words. */
export function refusal(
  { user, info }: AuthorizationAttributes,
  { reason }: Pick<Decision, 'reason'> = {},
): StatusError {
  const why = `${cannot(user, info)}${reason ? `: ${reason}` : ''}`;
  return info.isResourceRequest
    ? forbidden({ group: info.group, resource: info.resource }, info.name ?? '', why)
    : new StatusError('Forbidden', `forbidden: ${why}`, {});
}

function cannot({ name }: UserInfo, info: RequestInfo): string {
  const who = `User ${JSON.stringify(name)} cannot ${info.verb}`;
  if (!info.isResourceRequest) return `${who} path ${JSON.stringify(info.path)}`;
  const resource = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
  const where = info.namespace ? `in the namespace ${JSON.stringify(info.namespace)}` : 'at the cluster scope';
  return `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(info.group)} ${where}`;
}
