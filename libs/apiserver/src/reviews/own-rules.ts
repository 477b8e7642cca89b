import type { PolicyRule, SelfSubjectRulesReview } from '@kubephant/schema';
import { masters } from '../authentication/users';
import { noNamespace, type Review } from './reviews';

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** What may I do in that namespace? What an authorizer other than RBAC would allow is not listed. */
export const reviewRules: Review<SelfSubjectRulesReview> = async ({ kind, apiVersion, spec }, { user }, { rbac }) => {
  if (!spec.namespace) throw noNamespace();
  const { rules, errors } = rbac.rulesFor(user, spec.namespace);
  const all = user.groups.includes(masters) && !rules.some(isEverything) ? [...rules, ...everything] : rules;
  return {
    kind,
    apiVersion,
    metadata: {},
    spec: {},
    status: {
      resourceRules: all.filter(({ resources = [] }) => resources.length > 0).map(resourceRule),
      nonResourceRules: all
        .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: errors.length > 0,
      ...(errors.length > 0 && { evaluationError: errors.join(', ') }),
    },
  };
};

const isEverything = ({ verbs, resources = [] }: PolicyRule): boolean => verbs.includes('*') && resources.includes('*');

const resourceRule = ({ verbs, apiGroups, resources, resourceNames }: PolicyRule): object => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames && resourceNames.length > 0 && { resourceNames }),
});
