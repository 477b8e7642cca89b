import type { DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from '@kubephant/schema';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import type { Path } from '../validation/path';
import { atMostAll, isNothing, validateAmount } from './rolling-update';

/** Pods of a node are replaced either after or before the old one ends: one of the amounts is zero, the other is not. */
function validateRolling({ maxUnavailable, maxSurge }: RollingUpdateDaemonSet, path: Path): Causes {
  const unavailable = path.child('maxUnavailable');
  const surge = path.child('maxSurge');
  const hasUnavailable = !isNothing(maxUnavailable);
  const hasSurge = !isNothing(maxSurge);
  return [
    ...validateAmount(maxUnavailable, unavailable),
    ...validateAmount(maxSurge, surge),
    ...atMostAll(maxUnavailable, unavailable),
    ...atMostAll(maxSurge, surge),
    ...when(hasUnavailable && hasSurge, () =>
      invalidValue(surge, maxSurge, 'may not be set when maxUnavailable is non-zero'),
    ),
    ...when(!hasUnavailable && !hasSurge, () => required(unavailable, 'cannot be 0 when maxSurge is 0')),
  ];
}

const definition = 'io.k8s.api.apps.v1.DaemonSetUpdateStrategy';

/** How a DaemonSet replaces its pods. */
export function validateDaemonSetStrategy(strategy: DaemonSetUpdateStrategy, path: Path): Causes {
  const { type, rollingUpdate } = strategy;
  const where = path.child('rollingUpdate');
  switch (type) {
    case 'OnDelete':
      return none;
    case 'RollingUpdate':
      return rollingUpdate ? validateRolling(rollingUpdate, where) : [required(where)];
    default:
      return [notSupported(path, goForm(definition, strategy), ['RollingUpdate', 'OnDelete'])];
  }
}
