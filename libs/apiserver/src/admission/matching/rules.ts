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

/** Whether a rule is about what the request does, to a resource of this group and version. */
export type RuleMatcher = (info: RequestInfo, operation: string, place: Place) => boolean;

type Test = (value: string) => boolean;

const anything: Test = () => true;

function oneOf(values: readonly string[] = []): Test {
  if (values.includes('*')) return anything;
  const [only] = values;
  if (values.length === 1) return (value) => value === only;
  const all = new Set(values);
  return (value) => all.has(value);
}

/** Reads a rule once, to be asked often. */
export function newRuleMatcher(rule: Rule): RuleMatcher {
  const [ofGroup, ofVersion, ofOperation] = [rule.apiGroups, rule.apiVersions, rule.operations].map(oneOf);
  const ofResource = (rule.resources ?? []).map(newResourceTest);
  return (info, operation, place) =>
    ofResource.some((test) => test(place.resource, info.subresource ?? '')) &&
    ofGroup?.(place.group) === true &&
    ofVersion?.(place.version) === true &&
    ofOperation?.(operation) === true &&
    isInScope(rule, info);
}

/** `pods`, `pods/log`, `pods/*`, `*`: without a slash it means objects as a whole only. */
function newResourceTest(pattern: string): (resource: string, subresource: string) => boolean {
  const slash = pattern.indexOf('/');
  const [ofResource, ofSubresource] = (
    slash < 0 ? [pattern, ''] : [pattern.slice(0, slash), pattern.slice(slash + 1)]
  ).map((part) => oneOf([part]));
  return (resource, subresource) => ofResource?.(resource) === true && ofSubresource?.(subresource) === true;
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
