import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName, type LabelSelector } from '@kubephant/api';
import type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '@kubephant/schema';
import { forbidden, invalidValue, required, type Causes } from '../validation/causes';
import { each, follows, listOf, optional, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import type { Path } from '../validation/path';

function validateNodeValues({ operator, values = [] }: NodeSelectorRequirement, path: Path): Causes {
  const where = path.child('values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      return when(values.length === 0, () => required(where, "must be specified when `operator` is 'In' or 'NotIn'"));
    case 'Exists':
    case 'DoesNotExist':
      return when(values.length > 0, () =>
        forbidden(where, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    case 'Gt':
    case 'Lt':
      return when(values.length !== 1, () =>
        required(where, "must be specified single value when `operator` is 'Lt' or 'Gt'"),
      );
    default:
      return [invalidValue(path.child('operator'), operator, 'not a valid selector operator')];
  }
}

const validatePreference = (requirement: NodeSelectorRequirement, path: Path): Causes => [
  ...validateNodeValues(requirement, path),
  ...follows(requirement.key, path.child('key'), qualifiedName),
];

const validateExpression = (requirement: NodeSelectorRequirement, path: Path): Causes => [
  ...validatePreference(requirement, path),
  ...each(requirement.values, path.child('values'), (value, where) => follows(value, where, labelValue)),
];

function validateFieldOperator({ operator, values = [] }: NodeSelectorRequirement, path: Path): Causes {
  if (operator !== 'In' && operator !== 'NotIn') {
    return [invalidValue(path.child('operator'), operator, 'not a valid selector operator')];
  }
  return when(values.length !== 1, () =>
    required(path.child('values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
  );
}

/** Of a node's fields only the name can be selected. */
function validateField(requirement: NodeSelectorRequirement, path: Path): Causes {
  const { key, values = [] } = requirement;
  const wrong = validateFieldOperator(requirement, path);
  if (key !== 'metadata.name') {
    return [...wrong, invalidValue(path.child('key'), key, 'not a valid field selector key')];
  }
  return [
    ...wrong,
    ...each(values, path.child('values'), (value, where) => follows(value, where, (name) => dns1123Subdomain(name))),
  ];
}

/** What is only preferred may have values that no node can have. */
const validateTerm = (
  { matchExpressions, matchFields }: NodeSelectorTerm,
  path: Path,
  validate: typeof validateExpression,
): Causes => [
  ...each(matchExpressions, path.child('matchExpressions'), validate),
  ...each(matchFields, path.child('matchFields'), validateField),
];

export function validateNodeSelector({ nodeSelectorTerms }: NodeSelector, path: Path): Causes {
  const where = path.child('nodeSelectorTerms');
  const terms = listOf(nodeSelectorTerms);
  if (terms.length === 0) return [required(where, 'must have at least one node selector term')];
  return each(terms, where, (term, at) => validateTerm(term, at, validateExpression));
}

const validateWeight = (weight: number, path: Path): Causes =>
  when(weight < 1 || weight > 100, () => invalidValue(path.child('weight'), weight, 'must be in the range 1-100'));

const requiredField = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredField = 'preferredDuringSchedulingIgnoredDuringExecution';

const validateNodeAffinity = (affinity: NodeAffinity, path: Path): Causes => [
  ...optional(affinity[requiredField], path.child(requiredField), validateNodeSelector),
  ...each(affinity[preferredField], path.child(preferredField), ({ weight, preference }, where) => [
    ...validateWeight(weight, where),
    ...validateTerm(preference, where.child('preference'), validatePreference),
  ]),
];

interface LabelKeys {
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/**
 * Keys whose values are taken from the pod have become part of the selector when they are validated, so that one which
 * the selector names twice was in both. Of keys that are given twice the last is blamed.
 */
export function validateNotSelected(keys: readonly string[], selector: LabelKeys['labelSelector'], path: Path): Causes {
  const timesNamed = (key: string): number =>
    (selector?.matchExpressions ?? []).filter((other) => other.key === key).length +
    Number(Object.hasOwn(selector?.matchLabels ?? {}, key));
  return keys.flatMap((key, index) =>
    when(timesNamed(key) > 1 && keys.lastIndexOf(key) === index, () =>
      invalidValue(path.index(index), key, 'exists in both matchLabelKeys and labelSelector'),
    ),
  );
}

/** Keys whose values are taken from the pod (KEP-3633). */
export function validateLabelKeys(
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: LabelKeys,
  path: Path,
): Causes {
  const lists = { matchLabelKeys, mismatchLabelKeys };
  return [
    ...Object.entries(lists).flatMap(([field, keys]) => [
      ...when(keys.length > 0 && !labelSelector, () =>
        forbidden(path.child(field), 'must not be specified when labelSelector is not set'),
      ),
      ...each(keys, path.child(field), (key, where) => follows(key, where, qualifiedName)),
    ]),
    ...validateNotSelected(matchLabelKeys, labelSelector, path),
    ...each(matchLabelKeys, path.child('matchLabelKeys'), (key, where) =>
      when(mismatchLabelKeys.includes(key), () =>
        invalidValue(where, key, 'exists in both matchLabelKeys and mismatchLabelKeys'),
      ),
    ),
  ];
}

function validatePodTerm(term: PodAffinityTerm, path: Path): Causes {
  const { topologyKey, namespaces } = term;
  return [
    ...validateLabelSelector(term.labelSelector, path.child('labelSelector')),
    ...validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector')),
    ...(namespaces ?? []).flatMap((name) => follows(name, path.child('namespace'), dns1123Label)),
    ...validateLabelKeys(term, path),
    ...when(!topologyKey, () => required(path.child('topologyKey'), 'can not be empty')),
    ...follows(topologyKey, path.child('topologyKey'), qualifiedName),
  ];
}

const validatePodAffinity = (affinity: PodAffinity, path: Path): Causes => [
  ...each(affinity[requiredField], path.child(requiredField), validatePodTerm),
  ...each(affinity[preferredField], path.child(preferredField), ({ weight, podAffinityTerm }, where) => [
    ...validateWeight(weight, where),
    ...validatePodTerm(podAffinityTerm, where.child('podAffinityTerm')),
  ]),
];

export const validateAffinity = ({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: Path): Causes => [
  ...optional(nodeAffinity, path.child('nodeAffinity'), validateNodeAffinity),
  ...optional(podAffinity, path.child('podAffinity'), validatePodAffinity),
  ...optional(podAntiAffinity, path.child('podAntiAffinity'), validatePodAffinity),
];
