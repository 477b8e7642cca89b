import { qualifiedName } from '@kubephant/api';
import {
  emptyAsGiven,
  type JobSpec,
  type PodFailurePolicyOnExitCodesRequirement,
  type PodFailurePolicyOnPodConditionsPattern,
  type PodFailurePolicyRule,
  type SuccessPolicyRule,
} from '@kubephant/schema';
import {
  duplicate,
  invalidAltogether,
  invalidValue,
  none,
  required,
  tooLongValue,
  tooMany,
  type Causes,
} from '../validation/causes';
import { each, follows, listOf, notNegative, oneOf, optional, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import type { Path } from '../validation/path';
import { countIndexes, parseIndexes } from './indexes';

const maxRules = 20;
const maxPatterns = 20;
const maxExitCodes = 255;
const maxIndexesBytes = 64 * 1024;

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

const quotedList = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;

/** One of the values, all of which are told when there is none. */
const chosen = (value: string | undefined, path: Path, allowed: readonly string[]): Causes =>
  value ? oneOf(value, path, allowed) : [required(path, `valid values: ${quotedList(allowed)}`)];

const atMost = (list: readonly unknown[], path: Path, max: number): Causes =>
  when(list.length > max, () => tooMany(path, list.length, max));

/** Exit codes are in order, each once, and zero is no failure. */
function validateCodes(from: PodFailurePolicyOnExitCodesRequirement, path: Path): Causes {
  const { operator } = from;
  const codes = listOf(from.values);
  return [
    ...when(codes.length === 0, () =>
      invalidValue(path, emptyAsGiven(from, 'values'), 'at least one value is required'),
    ),
    ...atMost(codes, path, maxExitCodes),
    ...each(codes, path, (code, where, index) => [
      ...when(operator === 'In' && code === 0, () => invalidValue(where, code, 'must not be 0 for the In operator')),
      ...when(codes.indexOf(code) < index, () => duplicate(where, code)),
    ]),
    ...when(
      codes.some((code, index) => code < (codes[index - 1] ?? code)),
      () => invalidValue(path, codes, 'must be ordered'),
    ),
  ];
}

function validateExitCodes(
  rule: PodFailurePolicyOnExitCodesRequirement,
  path: Path,
  containers: readonly string[],
): Causes {
  const { operator, containerName } = rule;
  const unknown = 'must be one of the container or initContainer names in the pod template';
  return [
    ...chosen(operator, path.child('operator'), operators),
    ...optional(containerName, path.child('containerName'), (name, where) =>
      when(!containers.includes(name), () => invalidValue(where, name, unknown)),
    ),
    ...validateCodes(rule, path.child('values')),
  ];
}

const validateConditions = (patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: Path): Causes => [
  ...atMost(patterns, path, maxPatterns),
  ...each(patterns, path, ({ type, status }, where) => [
    ...follows(type, where.child('type'), qualifiedName),
    ...chosen(status, where.child('status'), statuses),
  ]),
];

function validateAction(action: string, path: Path, { backoffLimitPerIndex }: JobSpec): Causes {
  if (action !== 'FailIndex') return chosen(action, path, actions);
  return when(backoffLimitPerIndex === undefined, () =>
    invalidValue(path, action, 'requires the backoffLimitPerIndex to be set'),
  );
}

function validateRule(rule: PodFailurePolicyRule, path: Path, spec: JobSpec, containers: readonly string[]): Causes {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const hasConditions = onPodConditions.length > 0;
  return [
    ...validateAction(action, path.child('action'), spec),
    ...optional(onExitCodes, path.child('onExitCodes'), (codes, where) => validateExitCodes(codes, where, containers)),
    ...(hasConditions ? validateConditions(onPodConditions, path.child('onPodConditions')) : none),
    ...when(Boolean(onExitCodes) && hasConditions, () =>
      invalidAltogether(path, 'specifying both OnExitCodes and OnPodConditions is not supported'),
    ),
    ...when(!onExitCodes && !hasConditions, () =>
      invalidAltogether(path, 'specifying one of OnExitCodes and OnPodConditions is required'),
    ),
  ];
}

/** Which failures of pods count, and how. */
export function validatePodFailurePolicy(spec: JobSpec, path: Path): Causes {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const where = path.child('rules');
  const { containers, initContainers } = spec.template.spec ?? {};
  const names = [...listOf(containers), ...listOf(initContainers)].map(({ name }) => name);
  return [...atMost(rules, where, maxRules), ...each(rules, where, (rule, at) => validateRule(rule, at, spec, names))];
}

function validateCount(count: number, path: Path, completions: number, indexes: number | undefined): Causes {
  const above = (max: number, what: string) => () =>
    invalidValue(path, count, `must be less than or equal to ${max} (the number of ${what})`);
  return [
    ...notNegative(count, path),
    ...when(count > completions, above(completions, 'specified completions')),
    ...when(
      indexes !== undefined && count > indexes,
      above(indexes ?? 0, 'indexes in the specified succeededIndexes field'),
    ),
  ];
}

function validateSuccessRule(rule: SuccessPolicyRule, path: Path, completions: number): Causes {
  const { succeededCount, succeededIndexes: text } = rule;
  const where = path.child('succeededIndexes');
  const indexes = text === undefined ? undefined : parseIndexes(text, completions);
  const neither = 'at least one of succeededCount or succeededIndexes must be specified';
  return [
    ...when(succeededCount === undefined && text === undefined, () => required(path, neither)),
    ...when(Buffer.byteLength(text ?? '') > maxIndexesBytes, () => tooLongValue(where, maxIndexesBytes)),
    ...when(indexes?.wrong !== undefined, () =>
      invalidValue(where, text, `error parsing succeededIndexes: ${indexes?.wrong ?? ''}`),
    ),
    ...optional(succeededCount, path.child('succeededCount'), (count, at) =>
      validateCount(count, at, completions, indexes && countIndexes(indexes)),
    ),
  ];
}

/** When an indexed Job counts as done before all its pods are. */
export function validateSuccessPolicy(spec: JobSpec, path: Path): Causes {
  if (spec.completionMode !== 'Indexed')
    return [
      invalidValue(
        path,
        goForm('io.k8s.api.batch.v1.SuccessPolicy', spec.successPolicy),
        'requires indexed completion mode',
      ),
    ];
  const rules = spec.successPolicy?.rules ?? [];
  const where = path.child('rules');
  const missing = 'at least one rules must be specified when the successPolicy is specified';
  return [
    ...when(rules.length === 0, () => required(where, missing)),
    ...atMost(rules, where, maxRules),
    ...each(rules, where, (rule, at) => validateSuccessRule(rule, at, spec.completions ?? 0)),
  ];
}
