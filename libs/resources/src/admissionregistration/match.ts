import { qualifiedName } from '@kubephant/api';
import type { MatchCondition, MatchResources } from '@kubephant/schema';
import { duplicate, notSupported, required, tooMany, type Causes } from '../validation/causes';
import { each, oneOf, optional, requiredAnd, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import type { Path } from '../validation/path';
import { validateExpression, type Checking } from './expressions';
import { setRuleDefaults, validateNamedRule } from './rules';

const maxConditions = 64;

export const matchPolicies: readonly string[] = ['Equivalent', 'Exact'];
export const failurePolicies: readonly string[] = ['Fail', 'Ignore'];

function validateCondition({ name, expression }: MatchCondition, path: Path, checking: Checking): Causes {
  const where = path.child('expression');
  const text = expression.trim();
  return [
    ...(text ? validateExpression(text, where, 'matchCondition', checking) : [required(where)]),
    ...requiredAnd(name, path.child('name'), qualifiedName),
  ];
}

/** Expressions that a request must fulfil besides, each under a name of its own. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: Path,
  checking: Checking,
): Causes {
  const all = conditions ?? [];
  return [
    ...when(all.length > maxConditions, () => tooMany(path, all.length, maxConditions)),
    ...each(all, path, (condition, where, index) => [
      ...validateCondition(condition, where, checking),
      ...when(Boolean(condition.name) && all.findIndex(({ name }) => name === condition.name) < index, () =>
        duplicate(where.child('name'), condition.name),
      ),
    ]),
  ];
}

export const validateMatchResources = (match: MatchResources, path: Path): Causes => [
  ...optional(match.matchPolicy, path.child('matchPolicy'), (policy, where) => oneOf(policy, where, matchPolicies)),
  ...validateLabelSelector(match.namespaceSelector, path.child('namespaceSelector')),
  ...validateLabelSelector(match.objectSelector, path.child('objectSelector')),
  ...each(match.resourceRules, path.child('resourceRules'), validateNamedRule),
  ...each(match.excludeResourceRules, path.child('excludeResourceRules'), validateNamedRule),
];

/** There is nothing to change in what is deleted. */
const changing = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

/** Operations of what changes objects. Told of the rules, without index. */
export const validateChangingOperations = (match: MatchResources | undefined, path: Path): Causes =>
  (match?.resourceRules ?? [])
    .flatMap(({ operations = [] }) => operations)
    .filter((operation) => !changing.includes(operation))
    .map((operation) => notSupported(path.child('resourceRules', 'operations'), operation, changing));

/** Everything is meant that is not excluded. */
export function setMatchDefaults(match: MatchResources | undefined): void {
  if (!match) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  setRuleDefaults(match.resourceRules);
  setRuleDefaults(match.excludeResourceRules);
}
