import type { KubeObject } from '@kubephant/api';
import type { CustomResourceSubresourceScale } from '@kubephant/schema';
import { invalidValue, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { Path } from '../validation/path';
import { parseJsonPath } from './json-path';

const maxInt32 = 2 ** 31 - 1;

function validateReplicas(jsonPath: string, obj: KubeObject): Causes {
  const [value] = parseJsonPath(jsonPath)?.find(obj) ?? [];
  const path = Path.root.child(jsonPath);
  if (value === null) {
    return [invalidValue(path, 0, `${jsonPath} accessor error: <nil> is of the type <nil>, expected int64`)];
  }
  if (typeof value !== 'number') return [];
  return [
    ...when(value < 0, () => invalidValue(path, value, 'should be a non-negative integer')),
    ...when(value > maxInt32, () => invalidValue(path, value, `should be less than or equal to ${maxInt32}`)),
  ];
}

/** What a custom resource says of its size is a size. */
export const validateScaleValues = (scale: CustomResourceSubresourceScale | undefined, obj: KubeObject): Causes =>
  scale ? [scale.specReplicasPath, scale.statusReplicasPath].flatMap((path) => validateReplicas(path, obj)) : [];
