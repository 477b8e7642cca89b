import { labelValue, qualifiedName } from '@kubephant/api';
import type { Toleration } from '@kubephant/schema';
import { invalidValue, none, notSupported, type Causes } from '../validation/causes';
import { each, follows, oneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { taintEffects } from './allowed';

const allKeys = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';

/** Everything about the value is told of the operator. Comparisons (KEP-5471) are off, though upstream names them. */
function validateOperator({ operator = '', value = '' }: Toleration, path: Path): Causes {
  switch (operator) {
    case '':
    case 'Equal':
      return follows(value, path, labelValue);
    case 'Exists':
      return when(value !== '', () => invalidValue(path, value, "value must be empty when `operator` is 'Exists'"));
    case 'Lt':
    case 'Gt':
      return [notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])];
    default:
      return [notSupported(path, operator, ['Equal', 'Exists'])];
  }
}

export function validateToleration(toleration: Toleration, path: Path): Causes {
  const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
  return [
    ...(key ? follows(key, path.child('key'), qualifiedName) : none),
    ...when(key === '' && operator !== 'Exists', () => invalidValue(path.child('operator'), operator, allKeys)),
    ...when(tolerationSeconds !== undefined && effect !== 'NoExecute', () =>
      invalidValue(path.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"),
    ),
    ...validateOperator(toleration, path.child('operator')),
    ...(effect ? oneOf(effect, path.child('effect'), taintEffects) : none),
  ];
}

export const validateTolerations = (tolerations: readonly Toleration[] | undefined, path: Path): Causes =>
  each(tolerations, path, validateToleration);
