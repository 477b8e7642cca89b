import { qualifiedName } from '@kubephant/api';
import type { TopologySpreadConstraint } from '@kubephant/schema';
import { duplicate, forbidden, invalidValue, type Causes } from '../validation/causes';
import { each, follows, oneOf, optional, present, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import type { Path } from '../validation/path';
import { validateNotSelected } from './affinity';

const unsatisfiable = ['DoNotSchedule', 'ScheduleAnyway'];
const inclusion = ['Honor', 'Ignore'];
const notZero = 'must be greater than zero';

function validateKeys({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, path: Path): Causes {
  const where = path.child('matchLabelKeys');
  if (matchLabelKeys.length > 0 && !labelSelector) {
    return [forbidden(where, 'must not be specified when labelSelector is not set')];
  }
  return [
    ...each(matchLabelKeys, where, (key, at) => follows(key, at, qualifiedName)),
    ...validateNotSelected(matchLabelKeys, labelSelector, path),
  ];
}

function validateMinDomains(count: number, path: Path, constraint: TopologySpreadConstraint): Causes {
  return [
    ...when(count <= 0, () => invalidValue(path, count, notZero)),
    ...when(constraint.whenUnsatisfiable !== 'DoNotSchedule', () =>
      invalidValue(
        path,
        count,
        `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${constraint.whenUnsatisfiable}`,
      ),
    ),
  ];
}

function validateConstraint(constraint: TopologySpreadConstraint, path: Path): Causes {
  return [
    ...when(constraint.maxSkew <= 0, () => invalidValue(path.child('maxSkew'), constraint.maxSkew, notZero)),
    ...present(constraint.topologyKey, path.child('topologyKey'), 'can not be empty'),
    ...oneOf(constraint.whenUnsatisfiable, path.child('whenUnsatisfiable'), unsatisfiable),
    ...optional(constraint.minDomains, path.child('minDomains'), (count, where) =>
      validateMinDomains(count, where, constraint),
    ),
    ...optional(constraint.nodeAffinityPolicy, path.child('nodeAffinityPolicy'), (policy, where) =>
      oneOf(policy, where, inclusion),
    ),
    ...optional(constraint.nodeTaintsPolicy, path.child('nodeTaintsPolicy'), (policy, where) =>
      oneOf(policy, where, inclusion),
    ),
    ...validateKeys(constraint, path),
    ...validateLabelSelector(constraint.labelSelector, path.child('labelSelector')),
  ];
}

/** Constraints differ in topology and in what happens when they cannot be met; the earlier of two equal ones is blamed. */
export function validateTopologySpread(list: readonly TopologySpreadConstraint[] | undefined, path: Path): Causes {
  const identity = ({ topologyKey, whenUnsatisfiable }: TopologySpreadConstraint): string =>
    `{${topologyKey}, ${whenUnsatisfiable}}`;
  const all = list ?? [];
  return each(all, path, (constraint, where, index) => [
    ...validateConstraint(constraint, where),
    ...all
      .slice(index + 1)
      .flatMap((later) =>
        when(identity(later) === identity(constraint), () =>
          duplicate(where.child('{topologyKey, whenUnsatisfiable}'), identity(constraint)),
        ),
      ),
  ]);
}
