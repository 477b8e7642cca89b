import { qualifiedName } from '@kubephant/api';
import type { Condition } from '@kubephant/schema';
import { duplicate, invalidValue, required, tooLongValue, type Causes } from './causes';
import { each, follows, oneOf, when } from './checks';
import type { Path } from './path';

const statuses = ['False', 'True', 'Unknown'];
const maxReason = 1024;
const maxMessage = 32 * 1024;

const reasonForm = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const isReason = new RegExp(`^${reasonForm}$`);
const badReason =
  'a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric ' +
  "characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or " +
  `'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '${reasonForm}')`;

const atMost = (text: string, path: Path, max: number): Causes =>
  when(Buffer.byteLength(text) > max, () => tooLongValue(path, max));

function validateReason(reason: string, path: Path): Causes {
  if (!reason) return [required(path, 'must be set')];
  return [
    ...when(!isReason.test(reason), () => invalidValue(path, reason, badReason)),
    ...atMost(reason, path, maxReason),
  ];
}

const validateCondition = (condition: Condition, path: Path): Causes => [
  ...follows(condition.type, path.child('type'), qualifiedName),
  ...oneOf(condition.status, path.child('status'), statuses),
  ...when((condition.observedGeneration ?? 0) < 0, () =>
    invalidValue(
      path.child('observedGeneration'),
      condition.observedGeneration,
      'must be greater than or equal to zero',
    ),
  ),
  ...when(!condition.lastTransitionTime, () => required(path.child('lastTransitionTime'), 'must be set')),
  ...validateReason(condition.reason, path.child('reason')),
  ...atMost(condition.message, path.child('message'), maxMessage),
];

/** Conditions of meta/v1, each type once. */
export function validateConditions(conditions: readonly Condition[] | undefined, path: Path): Causes {
  const types = (conditions ?? []).map(({ type }) => type);
  return each(conditions, path, (condition, where, index) => [
    ...when(types.indexOf(condition.type) < index, () => duplicate(where.child('type'), condition.type)),
    ...validateCondition(condition, where),
  ]);
}
