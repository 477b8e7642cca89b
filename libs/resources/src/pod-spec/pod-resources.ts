import { Quantity } from '@kubephant/api';
import type { Container, PodSpec, ResourceRequirements } from '@kubephant/schema';
import { forbidden, invalidValue, notSupported, type Causes } from '../validation/causes';
import { each, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { isHugePage, isPodLevel, validateResourceName } from './resource-names';
import { sorted, validateResources } from './resources';

const podLevel = ['cpu', 'hugepages-', 'memory'];

function validateName(name: string, path: Path): Causes {
  const wrong = validateResourceName(name, path);
  return wrong.length > 0 ? wrong : when(!isPodLevel(name), () => notSupported(path, name, podLevel));
}

/** What containers have of it together; undefined when none names it. */
function total(containers: readonly Container[], list: 'requests' | 'limits', name: string): Quantity | undefined {
  const amounts = containers.flatMap(({ resources }) => resources?.[list]?.[name] ?? []);
  if (amounts.length === 0) return undefined;
  return amounts.reduce((sum, text) => sum.add(Quantity.parse(text)), Quantity.zero);
}

/** The pod has at least what its containers have: of requests always, of limits where these are reserved. */
const validateTotals = (
  resources: ResourceRequirements,
  containers: readonly Container[],
  list: 'requests' | 'limits',
  path: Path,
): Causes =>
  sorted(resources[list]).flatMap(([name, amount]) => {
    const sum = list === 'requests' || isHugePage(name) ? total(containers, list, name) : undefined;
    if (!sum || amount.compare(sum) >= 0) return [];
    const detail = `must be greater than or equal to aggregate container ${list} of ${sum.toString()}`;
    return [invalidValue(path.child(list).key(name), amount, detail)];
  });

/** No container may use more than the pod. */
function validateLimits({ limits = {} }: ResourceRequirements, containers: readonly Container[], path: Path): Causes {
  return each(containers, path.child('containers'), ({ resources }, where) =>
    sorted(resources?.limits).flatMap(([name, amount]) => {
      const limit = limits[name];
      if (limit === undefined || amount.compare(Quantity.parse(limit)) <= 0) return [];
      const detail = `must be less than or equal to pod limits of ${Quantity.parse(limit).toString()}`;
      return [invalidValue(where.key(name).child('limits'), amount, detail)];
    }),
  );
}

/** Requests and limits of the pod as a whole (KEP-2837). */
export function validatePodResources(
  { resources, containers, os }: PodSpec,
  path: Path,
  claims: readonly string[],
): Causes {
  if (!resources) return [];
  if (os?.name === 'windows') return [forbidden(path, 'may not be set for a windows pod')];
  return [
    ...when(resources.claims !== undefined, () =>
      forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level'),
    ),
    ...validateResources(resources, path, claims, validateName),
    ...validateTotals(resources, containers, 'requests', path),
    ...validateTotals(resources, containers, 'limits', path),
    ...validateLimits(resources, containers, path),
  ];
}
