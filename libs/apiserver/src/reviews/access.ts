import { parseFieldSelector, type FieldSelector } from '@kubephant/api';
import type { Causes } from '@kubephant/resources';
import type {
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SubjectAccessReview,
} from '@kubephant/schema';
import type { Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import { invalidReview, type Review } from './reviews';
import { validateAccess, validateLocalAccess, validateOwnAccess } from './validate-access';

interface Asked {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: NonResourceAttributes;
}

/** May this user do that? */
export const reviewAccess: Review<SubjectAccessReview> = async (input, _, { authorizer }) => {
  demand(validateAccess(input));
  return { ...input, status: await decide(authorizer, subjectOf(input.spec), input.spec) };
};

export const reviewLocalAccess: Review<LocalSubjectAccessReview> = async (input, { info }, { authorizer }) => {
  demand(validateLocalAccess(input, input.metadata.namespace ?? info.namespace ?? ''));
  return { ...input, status: await decide(authorizer, subjectOf(input.spec), input.spec) };
};

/** May I do that? */
export const reviewOwnAccess: Review<SelfSubjectAccessReview> = async (input, { user }, { authorizer }) => {
  demand(validateOwnAccess(input));
  return { ...input, status: await decide(authorizer, user, input.spec) };
};

function demand(causes: Causes): void {
  if (causes.length > 0) throw invalidReview(...causes);
}

const subjectOf = ({ user = '', uid, groups = [], extra }: SubjectAccessReview['spec']): UserInfo => ({
  name: user,
  groups,
  ...(uid && { uid }),
  ...(extra && { extra }),
});

async function decide(authorizer: Authorizer, user: UserInfo, asked: Asked): Promise<object> {
  const { verdict, reason } = await authorizer.authorize({ user, info: infoOf(asked) });
  return { allowed: verdict === 'allow', ...(verdict === 'deny' && { denied: true }), ...(reason && { reason }) };
}

const infoOf = ({ resourceAttributes, nonResourceAttributes = {} }: Asked): RequestInfo =>
  resourceAttributes ? resourceInfo(resourceAttributes) : pathInfo(nonResourceAttributes);

function resourceInfo(asked: ResourceAttributes): RequestInfo {
  const { verb = '', group = '', version = '', resource = '', subresource, namespace, name } = asked;
  const fieldSelector = selectorOf(asked);
  return {
    isResourceRequest: true,
    path: '',
    verb,
    group,
    version,
    resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(fieldSelector && { fieldSelector }),
  };
}

/** A selector that cannot be read narrows nothing, so it proves nothing. */
function selectorOf({ fieldSelector }: ResourceAttributes): FieldSelector | undefined {
  const raw = fieldSelector?.rawSelector;
  if (!raw) return undefined;
  try {
    return parseFieldSelector(raw);
  } catch {
    return undefined;
  }
}

const pathInfo = ({ path = '', verb = '' }: NonResourceAttributes): RequestInfo => ({
  isResourceRequest: false,
  path,
  verb,
  group: '',
  version: '',
  resource: '',
});
