import type { LabelSelector } from '@kubephant/api';
import type { PolicyRule } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { each, listOf, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import type { Path } from '../validation/path';

function validateNonResource(rule: PolicyRule, path: Path, isNamespaced: boolean): Causes {
  const { nonResourceURLs, apiGroups = [], resources = [], resourceNames = [] } = rule;
  const where = path.child('nonResourceURLs');
  return [
    ...when(isNamespaced, () =>
      invalidValue(where, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'),
    ),
    ...when(apiGroups.length + resources.length + resourceNames.length > 0, () =>
      invalidValue(where, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'),
    ),
  ];
}

function validateRule(rule: PolicyRule, path: Path, isNamespaced: boolean): Causes {
  const verbs = when(listOf(rule.verbs).length === 0, () =>
    required(path.child('verbs'), 'verbs must contain at least one value'),
  );
  if (rule.nonResourceURLs?.length) return [...verbs, ...validateNonResource(rule, path, isNamespaced)];
  return [
    ...verbs,
    ...when(!rule.apiGroups?.length, () =>
      required(path.child('apiGroups'), 'resource rules must supply at least one api group'),
    ),
    ...when(!rule.resources?.length, () =>
      required(path.child('resources'), 'resource rules must supply at least one resource'),
    ),
  ];
}

export const validateRules = (
  rules: readonly PolicyRule[] | null | undefined,
  path: Path,
  isNamespaced: boolean,
): Causes => each(rules, path, (rule, where) => validateRule(rule, where, isNamespaced));

export function validateAggregation(selectors: readonly LabelSelector[], path: Path): Causes {
  if (selectors.length === 0) {
    return [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  }
  return each(selectors, path, (selector, where) => {
    const wrong = validateLabelSelector(selector, where);
    return wrong.length === 0 ? none : [...wrong, invalidValue(where, null, 'invalid label selector.')];
  });
}
