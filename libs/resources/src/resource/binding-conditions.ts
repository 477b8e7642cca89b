import { qualifiedName } from '@kubephant/api';
import { emptyAsGiven } from '@kubephant/schema';
import { duplicate, invalidValue, type Causes } from '../validation/causes';
import { follows, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { eachUpTo } from './lists';

const maxConditions = 4;

interface Conditioned {
  readonly bindingConditions?: readonly string[];
  readonly bindingFailureConditions?: readonly string[];
}

const repeated = (conditions: readonly string[], path: Path): Causes =>
  conditions.flatMap((condition, index) =>
    when(conditions.indexOf(condition) < index, () => duplicate(path.index(index), condition)),
  );

/** Conditions that a device waits for before its pod is bound, and those that end the wait: both or none. */
export function validateBindingConditions(conditioned: Conditioned, path: Path): Causes {
  const { bindingConditions: wanted = [], bindingFailureConditions: feared = [] } = conditioned;
  const wantedPath = path.child('bindingConditions');
  const fearedPath = path.child('bindingFailureConditions');
  return [
    ...eachUpTo(maxConditions, wanted, wantedPath, (name, where) => follows(name, where, qualifiedName)),
    ...eachUpTo(maxConditions, feared, fearedPath, (name, where) => follows(name, where, qualifiedName)),
    ...repeated(wanted, wantedPath),
    ...repeated(feared, fearedPath),
    ...feared.flatMap((name, index) =>
      when(wanted.includes(name), () =>
        invalidValue(fearedPath.index(index), name, 'bindingFailureConditions must not overlap with bindingConditions'),
      ),
    ),
    ...when(wanted.length === 0 && feared.length > 0, () =>
      invalidValue(
        wantedPath,
        emptyAsGiven(conditioned, 'bindingConditions'),
        'bindingConditions are required to use bindingFailureConditions',
      ),
    ),
    ...when(feared.length === 0 && wanted.length > 0, () =>
      invalidValue(
        fearedPath,
        emptyAsGiven(conditioned, 'bindingFailureConditions'),
        'bindingFailureConditions are required to use bindingConditions',
      ),
    ),
  ];
}
