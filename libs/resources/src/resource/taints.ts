import { labelValue, qualifiedName } from '@kubephant/api';
import type { DeviceTaint, DeviceToleration } from '@kubephant/schema';
import { invalidValue, none, type Causes } from '../validation/causes';
import { each, follows, oneOf, requiredOneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';

const effects = ['NoExecute', 'NoSchedule', 'None'];

/** What keeps a device from being allocated, or its users from running. */
export const validateTaint = ({ key, value, effect }: DeviceTaint, path: Path): Causes => [
  ...follows(key, path.child('key'), qualifiedName),
  ...(value ? follows(value, path.child('value'), labelValue) : none),
  ...requiredOneOf(effect, path.child('effect'), effects),
];

function validateValue({ operator, value = '' }: DeviceToleration, path: Path): Causes {
  if (operator === 'Equal') return follows(value, path, labelValue);
  return when(operator === 'Exists' && value !== '', () =>
    invalidValue(path, value, 'must be empty for operator `Exists`'),
  );
}

const validateToleration = (toleration: DeviceToleration, path: Path): Causes => [
  ...(toleration.key ? follows(toleration.key, path.child('key'), qualifiedName) : none),
  ...validateValue(toleration, path.child('value')),
  ...requiredOneOf(toleration.operator, path.child('operator'), ['Equal', 'Exists']),
  ...(toleration.effect ? oneOf(toleration.effect, path.child('effect'), effects) : none),
];

export const validateTolerations = (tolerations: readonly DeviceToleration[] | undefined, path: Path): Causes =>
  each(tolerations, path, validateToleration);
