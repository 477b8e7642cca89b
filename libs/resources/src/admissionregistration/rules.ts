import { pathSegment } from '@kubephant/api';
import type { NamedRuleWithOperations, RuleWithOperations } from '@kubephant/schema';
import { duplicate, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, oneOf, optional, when } from '../validation/checks';
import type { Path } from '../validation/path';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

export const everything = '*';

/** A list that is there, and names all with one star and then nothing else. */
function validateList(list: readonly string[], path: Path, what: string): Causes {
  if (list.length === 0) return [required(path)];
  return when(list.includes(everything) && list.length > 1, () =>
    invalidValue(path, list, `if '*' is present, must not specify other ${what}`),
  );
}

/** `pods/*` or `*\/status` before `pods/status` leaves nothing for it to say. */
function validateResource(resource: string, path: Path, before: readonly string[]): Causes {
  if (resource === '') return [required(path)];
  const slash = resource.indexOf('/');
  if (slash < 0) return none;
  const wider = [`${resource.slice(0, slash)}/*`, `*${resource.slice(slash)}`];
  return wider
    .filter((other) => before.includes(other))
    .map((other) => invalidValue(path, resource, `if '${other}' is present, must not specify ${resource}`));
}

function validateResources(resources: readonly string[], path: Path): Causes {
  if (resources.length === 0) return [required(path)];
  const last = resources.findLast((resource) => resource !== '' && !resource.includes('/'));
  return [
    ...each(resources, path, (resource, where, index) => validateResource(resource, where, resources.slice(0, index))),
    ...when(resources.length > 1 && resources.includes('*/*'), () =>
      invalidValue(path, resources, "if '*/*' is present, must not specify other resources"),
    ),
    ...when(resources.includes(everything) && last !== everything, () =>
      invalidValue(path, resources, "if '*' is present, must not specify other resources without subresources"),
    ),
  ];
}

const validateVersions = (versions: readonly string[], path: Path): Causes => [
  ...validateList(versions, path, 'API versions'),
  ...each(versions, path, (version, where) => when(version === '', () => required(where))),
];

const validateOperations = (list: readonly string[], path: Path): Causes => [
  ...validateList(list, path, 'operations'),
  ...each(list, path, (operation, where) => oneOf(operation, where, operations)),
];

/** Which requests are meant. */
export const validateRule = (rule: RuleWithOperations, path: Path): Causes => [
  ...validateOperations(rule.operations ?? [], path.child('operations')),
  ...validateList(rule.apiGroups ?? [], path.child('apiGroups'), 'API groups'),
  ...validateVersions(rule.apiVersions ?? [], path.child('apiVersions')),
  ...validateResources(rule.resources ?? [], path.child('resources')),
  ...optional(rule.scope, path.child('scope'), (scope, where) => oneOf(scope, where, scopes)),
];

/** Which requests are meant, of objects with certain names where it says so. */
export function validateNamedRule(rule: NamedRuleWithOperations, path: Path): Causes {
  const names = rule.resourceNames ?? [];
  return [
    ...each(names, path.child('resourceNames'), (name, where, index) => [
      ...follows(name, where, pathSegment),
      ...when(names.indexOf(name) < index, () => duplicate(where, name)),
    ]),
    ...validateRule(rule, path),
  ];
}

export function setRuleDefaults(rules: readonly { scope?: string }[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= everything;
}
