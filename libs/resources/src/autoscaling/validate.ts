import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HPAScalingPolicy,
  HPAScalingRules,
} from '@kubephant/schema';
import { Quantity } from '@kubephant/api';
import { forbidden, invalidValue, required, type Causes } from '../validation/causes';
import { each, notNegative, oneOf, optional, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validateMetrics } from './metrics-validate';
import { validateReference } from './reference';

const path = at('spec');

const maxPeriodSeconds = 1800;
const maxWindowSeconds = 3600;
const policyTypes = ['Percent', 'Pods'];
const selectPolicies = ['Disabled', 'Max', 'Min'];

const moreThanZero = (value: number, where: Path): Causes =>
  when(value <= 0, () => invalidValue(where, value, 'must be greater than zero'));

const atMost = (value: number, where: Path, max: number): Causes =>
  when(value > max, () => invalidValue(where, value, `must be less than or equal to ${max}`));

const validatePolicy = ({ type, value, periodSeconds }: HPAScalingPolicy, where: Path): Causes => [
  ...oneOf(type, where.child('type'), policyTypes),
  ...moreThanZero(value, where.child('value')),
  ...moreThanZero(periodSeconds, where.child('periodSeconds')),
  ...atMost(periodSeconds, where.child('periodSeconds'), maxPeriodSeconds),
];

const validateWindow = (seconds: number, where: Path): Causes => [
  ...when(seconds < 0, () => invalidValue(where, seconds, 'must be greater than or equal to zero')),
  ...atMost(seconds, where, maxWindowSeconds),
];

const validateTolerance = (text: string, where: Path): Causes =>
  when(Quantity.parse(text).sign < 0, () => invalidValue(where, text, 'must be greater than or equal to 0'));

const validateRules = (rules: HPAScalingRules, where: Path): Causes => [
  ...optional(rules.stabilizationWindowSeconds, where.child('stabilizationWindowSeconds'), validateWindow),
  ...optional(rules.selectPolicy, where.child('selectPolicy'), (policy, here) => oneOf(policy, here, selectPolicies)),
  ...when((rules.policies ?? []).length === 0, () =>
    required(where.child('policies'), 'must specify at least one Policy'),
  ),
  ...each(rules.policies, where.child('policies'), validatePolicy),
  ...optional(rules.tolerance, where.child('tolerance'), validateTolerance),
];

/** Scaling to zero is behind the gate HPAScaleToZero, which is off: only what scaled to zero before may go on. */
function validateReplicas({ minReplicas, maxReplicas }: HorizontalPodAutoscalerSpec, lowest: number): Causes {
  const most = path.child('maxReplicas');
  const least = minReplicas ?? 1;
  return [
    ...when(least < lowest, () =>
      invalidValue(path.child('minReplicas'), least, `must be greater than or equal to ${lowest}`),
    ),
    ...when(maxReplicas === 0, () => required(most, 'must be set and greater than 0')),
    ...when(maxReplicas < 0, () => invalidValue(most, maxReplicas, 'must be greater than or equal to 1')),
    ...when(maxReplicas < least, () =>
      invalidValue(most, maxReplicas, 'must be greater than or equal to `minReplicas`'),
    ),
  ];
}

const canWake = ({ metrics }: HorizontalPodAutoscalerSpec): boolean =>
  (metrics ?? []).some(({ type }) => type === 'Object' || type === 'External');

const wakeless = 'must specify at least one Object or External metric to support scaling to zero replicas';

/** Replication controllers are the one kind of the group without a name that scales. */
const mayBeCore = ({ kind, apiVersion }: CrossVersionObjectReference): boolean =>
  kind === 'ReplicationController' && apiVersion === 'v1';

function validateTarget(target: CrossVersionObjectReference, old: CrossVersionObjectReference | undefined): Causes {
  const where = path.child('scaleTargetRef');
  const causes = validateReference(target, where, { mayBeCore: mayBeCore(target) });
  const known = old ? validateReference(old, where, { mayBeCore: mayBeCore(old) }) : [];
  const version = where.child('apiVersion').toString();
  const isTolerated = known.some(({ field }) => field === version);
  return isTolerated ? causes.filter(({ field }) => field !== version) : causes;
}

function validateSpec(spec: HorizontalPodAutoscalerSpec, old?: HorizontalPodAutoscalerSpec): Causes {
  const { behavior, metrics, scaleTargetRef, minReplicas } = spec;
  const rulesPath = path.child('behavior');
  return [
    ...validateReplicas(spec, old?.minReplicas === 0 ? 0 : 1),
    ...validateTarget(scaleTargetRef, old?.scaleTargetRef),
    ...validateMetrics(metrics, path.child('metrics')),
    ...when(minReplicas === 0 && !canWake(spec), () => forbidden(path.child('metrics'), wakeless)),
    ...optional(behavior?.scaleUp, rulesPath.child('scaleUp'), validateRules),
    ...optional(behavior?.scaleDown, rulesPath.child('scaleDown'), validateRules),
  ];
}

export const validate = ({ spec }: HorizontalPodAutoscaler): Causes => validateSpec(spec);

export const validateUpdate = ({ spec }: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler): Causes =>
  validateSpec(spec, old.spec);

export const validateStatus = ({ status }: HorizontalPodAutoscaler): Causes => [
  ...notNegative(status?.currentReplicas, at('status', 'currentReplicas')),
  ...notNegative(status?.desiredReplicas, at('status', 'desiredReplicas')),
];
