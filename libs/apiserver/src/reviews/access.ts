import { parseFieldSelector, type FieldSelector } from '@kubephant/api';
import type {
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SubjectAccessReview,
} from '@kubephant/schema';
import type { Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import { invalidReview, type Review } from './reviews';

interface Asked {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: NonResourceAttributes;
}

/** May this user do that? */
export const reviewAccess: Review<SubjectAccessReview> = async (input, _, { authorizer }) => {
  demandSubject(input.spec);
  return { ...input, status: await decide(authorizer, subjectOf(input.spec), input.spec) };
};

export const reviewLocalAccess: Review<LocalSubjectAccessReview> = async (input, { info }, { authorizer }) => {
  demandSubject(input.spec);
  const namespace = input.spec.resourceAttributes?.namespace ?? '';
  if (namespace !== (input.metadata.namespace ?? info.namespace)) {
    throw invalidReview({
      reason: 'FieldValueInvalid',
      field: 'spec.resourceAttributes.namespace',
      message: `Invalid value: ${JSON.stringify(namespace)}: must match metadata.namespace`,
    });
  }
  return { ...input, status: await decide(authorizer, subjectOf(input.spec), input.spec) };
};

/** May I do that? */
export const reviewOwnAccess: Review<SelfSubjectAccessReview> = async (input, { user }, { authorizer }) => ({
  ...input,
  status: await decide(authorizer, user, input.spec),
});

function demandSubject({ user, groups = [] }: SubjectAccessReview['spec']): void {
  if (user || groups.length > 0) return;
  const message = 'Invalid value: "": at least one of user or group must be specified';
  throw invalidReview({ reason: 'FieldValueInvalid', field: 'spec.user', message });
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

function infoOf({ resourceAttributes, nonResourceAttributes }: Asked): RequestInfo {
  if (resourceAttributes && nonResourceAttributes) {
    const { path = '', verb = '' } = nonResourceAttributes;
    const value = JSON.stringify({ Path: path, Verb: verb });
    const message = `Invalid value: ${value}: cannot be specified in combination with resourceAttributes`;
    throw invalidReview({ reason: 'FieldValueInvalid', field: 'spec.nonResourceAttributes', message });
  }
  if (resourceAttributes) return resourceInfo(resourceAttributes);
  if (nonResourceAttributes) return pathInfo(nonResourceAttributes);
  const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw invalidReview({ reason: 'FieldValueInvalid', field: 'spec.resourceAttributes', message });
}

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
