import type { PolicyRule } from '@kubephant/schema';
import type { RequestInfo } from '@kubephant/serving';

/** A PolicyRule in the form that requests are compared with. */
export interface CompiledRule {
  readonly rule: PolicyRule;
  allows(info: RequestInfo): boolean;
}

/** Meets a request's value: `*` meets all. */
type Meets = (value: string) => boolean;

function oneOf(values: readonly string[] | undefined): Meets {
  const set = new Set(values);
  return set.has('*') ? () => true : (value) => set.has(value);
}

/** RBAC's meaning of a rule (upstream: authorization rule evaluation). */
export function compileRule(rule: PolicyRule): CompiledRule {
  const verb = oneOf(rule.verbs);
  const group = oneOf(rule.apiGroups);
  const resource = resourceMatcher(rule.resources ?? []);
  const name = nameMatcher(rule.resourceNames ?? []);
  const path = pathMatcher(rule.nonResourceURLs ?? []);
  return {
    rule,
    allows: (info) =>
      verb(info.verb) &&
      (info.isResourceRequest ? group(info.group) && resource(info) && name(info.name) : path(info.path)),
  };
}

/** A resource, a resource and its subresource, all resources, or one subresource of all: pods, pods/log, *, * and /scale. */
function resourceMatcher(resources: readonly string[]): (info: RequestInfo) => boolean {
  const set = new Set(resources);
  if (set.has('*')) return () => true;
  return ({ resource, subresource }) =>
    subresource ? set.has(`${resource}/${subresource}`) || set.has(`*/${subresource}`) : set.has(resource);
}

/** A rule without names is for all; one with names is for requests that name one of them. */
function nameMatcher(names: readonly string[]): (name: string | undefined) => boolean {
  if (names.length === 0) return () => true;
  const set = new Set(names);
  return (name) => name !== undefined && set.has(name);
}

/** Exact paths, `*`, and prefixes that end in `*`. */
function pathMatcher(urls: readonly string[]): Meets {
  const exact = new Set(urls);
  if (exact.has('*')) return () => true;
  const prefixes = urls.filter((url) => url.endsWith('*')).map((url) => url.slice(0, -1));
  return (path) => exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix));
}
