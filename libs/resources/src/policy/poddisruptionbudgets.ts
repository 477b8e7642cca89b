import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from '@kubephant/schema';
import { atMostAll, validateAmount } from '../apps/rolling-update';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, integer, nameColumn, text } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { notNegative, oneOf, optional, when, type Check } from '../validation/checks';
import { validateConditions } from '../validation/conditions';
import { goForm } from '../validation/go-form';
import { validateLabelSelector } from '../validation/labels';
import { at } from '../validation/path';

const path = at('spec');

type Amount = number | string;

const share: Check<Amount> = (amount, where) => [...validateAmount(amount, where), ...atMostAll(amount, where)];

const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget'];

function validate({ spec }: PodDisruptionBudget): Causes {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  return [
    ...when(minAvailable !== undefined && maxUnavailable !== undefined, () =>
      invalidValue(path, quoted(spec), 'minAvailable and maxUnavailable cannot be both set'),
    ),
    ...optional(minAvailable, path.child('minAvailable'), share),
    ...optional(maxUnavailable, path.child('maxUnavailable'), share),
    ...validateLabelSelector(selector, path.child('selector')),
    ...optional(unhealthyPodEvictionPolicy, path.child('unhealthyPodEvictionPolicy'), (policy, where) =>
      oneOf(policy, where, evictionPolicies),
    ),
  ];
}

const quoted = (spec: PodDisruptionBudgetSpec): unknown => goForm('io.k8s.api.policy.v1.PodDisruptionBudgetSpec', spec);

const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;

const validateStatus = ({ status }: PodDisruptionBudget): Causes => [
  ...validateConditions(status?.conditions, at('status', 'conditions')),
  ...counts.flatMap((field) => notNegative(status?.[field], at('status', field))),
];

const amountText = (amount: Amount | undefined): string => (amount === undefined ? 'N/A' : String(amount));

const columns: readonly Column<PodDisruptionBudget>[] = [
  nameColumn,
  text('Min Available', 'Pods that must stay.', ({ spec }) => amountText(spec.minAvailable)),
  text('Max Unavailable', 'Pods that may go.', ({ spec }) => amountText(spec.maxUnavailable)),
  integer('Allowed Disruptions', 'Pods that may go now.', ({ status }) => status?.disruptionsAllowed ?? 0),
  ageColumn,
];

export const podDisruptionBudgets: ResourceDefinition = defineResource<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  scope: 'Namespaced',
  names: { plural: 'poddisruptionbudgets', singular: 'poddisruptionbudget', short: ['pdb'] },
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  nameRule: 'pathSegment',
  generation: true,
  conditionalUpdate: true,
  columns,
  strategy: { validate, validateUpdate: validate },
  subresources: { status: { kind: 'status', strategy: { validateUpdate: validateStatus } } },
});
