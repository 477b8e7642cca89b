import type { RequestInfo } from '@kubephant/serving';

/** What of the API something is about (admissionregistration.k8s.io/v1 RuleWithOperations). */
export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}

/** A resource in one of the versions that a request can be seen in. */
export interface Place {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some((one) => one === '*' || one === value) ?? false;

/** Whether a rule is about what the request does, to a resource of this group and version. */
export function matchesRule(rule: Rule, info: RequestInfo, operation: string, place: Place): boolean {
  return (
    isInScope(rule, info) &&
    has(rule.operations, operation) &&
    has(rule.apiGroups, place.group) &&
    has(rule.apiVersions, place.version) &&
    (rule.resources ?? []).some((pattern) => isOneOf(pattern, place.resource, info.subresource ?? ''))
  );
}

// `pods`, `pods/log`, `pods/*`, `*`: without a slash it means objects as a whole only.
function isOneOf(pattern: string, resource: string, subresource: string): boolean {
  const slash = pattern.indexOf('/');
  const [ofResource, ofSubresource] = slash < 0 ? [pattern, ''] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  return has([ofResource], resource) && has([ofSubresource], subresource);
}

/** Namespaces themselves belong to the cluster. */
function isInScope({ scope = '*' }: Rule, { group, resource, namespace }: RequestInfo): boolean {
  if (scope === '*') return true;
  const isNamespaced = !(group === '' && resource === 'namespaces') && !!namespace;
  return scope === 'Namespaced' ? isNamespaced : scope === 'Cluster' && !isNamespaced;
}

const group = 'admissionregistration.k8s.io';
const ownConfiguration = new Set([
  'validatingwebhookconfigurations',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
]);

/** What configures admission is never subject to what it configures: nobody locks himself out. */
export const isExempt = (info: RequestInfo): boolean => info.group === group && ownConfiguration.has(info.resource);
