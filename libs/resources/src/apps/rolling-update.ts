import { percent } from '@kubephant/api';
import type { DeploymentStrategy, RollingUpdateDeployment } from '@kubephant/schema';
import { forbidden, invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { notNegative, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import type { Path } from '../validation/path';

type Amount = number | string | undefined;

/** How many pods, or which share of them. */
export const validateAmount = (amount: Amount, path: Path): Causes =>
  typeof amount === 'string'
    ? percent(amount).map((detail) => invalidValue(path, amount, detail))
    : notNegative(amount, path);

const shareOf = (amount: Amount): number | undefined =>
  typeof amount === 'string' && /^\d{1,9}%$/.test(amount) ? Number(amount.slice(0, -1)) : undefined;

export const atMostAll = (amount: Amount, path: Path): Causes =>
  when((shareOf(amount) ?? 0) > 100, () => invalidValue(path, amount, 'must not be greater than 100%'));

const countOf = (text: string): number => (/^[+-]?\d{1,9}$/.test(text) ? Number(text) : 0);

/** Whether it comes to no pod at all, as a text that is no number does. */
export const isNothing = (amount: Amount): boolean =>
  (typeof amount === 'string' ? (shareOf(amount) ?? countOf(amount)) : (amount ?? 0)) === 0;

function validateRolling({ maxUnavailable, maxSurge }: RollingUpdateDeployment, path: Path): Causes {
  const where = path.child('maxUnavailable');
  return [
    ...validateAmount(maxUnavailable, where),
    ...validateAmount(maxSurge, path.child('maxSurge')),
    ...when(isNothing(maxUnavailable) && isNothing(maxSurge), () =>
      invalidValue(where, maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
    ),
    ...atMostAll(maxUnavailable, where),
  ];
}

const definition = 'io.k8s.api.apps.v1.DeploymentStrategy';

/** How a Deployment replaces its pods. */
export function validateDeploymentStrategy({ type = '', rollingUpdate }: DeploymentStrategy, path: Path): Causes {
  const where = path.child('rollingUpdate');
  switch (type) {
    case 'Recreate':
      return rollingUpdate ? [forbidden(where, "may not be specified when strategy `type` is 'Recreate'")] : none;
    case 'RollingUpdate':
      return rollingUpdate ? validateRolling(rollingUpdate, where) : [required(where)];
    default:
      return [notSupported(path, goForm(definition, { type, rollingUpdate }), ['Recreate', 'RollingUpdate'])];
  }
}
