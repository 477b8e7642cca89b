import { Quantity } from '@kubephant/api';
import type { Container, CoreV1ResourceClaim as ResourceClaim, ResourceRequirements } from '@kubephant/schema';
import {
  duplicate,
  forbidden,
  invalidValue,
  none,
  notFoundValue,
  notSupported,
  required,
  type Causes,
} from '../validation/causes';
import { each, oneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';
import {
  isHugePage,
  isIntegerResource,
  isOvercommitable,
  isPodLevel,
  validateContainerResourceName,
} from './resource-names';

type Amounts = Readonly<Record<string, string>>;

/** Sorted, so that messages are stable; upstream's order is that of a Go map, which is none. */
const sorted = (amounts: Amounts | undefined): readonly (readonly [string, Quantity])[] =>
  Object.entries(amounts ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => [name, Quantity.parse(text)] as const);

function isMultiple(name: string, amount: Quantity): boolean {
  const size = Quantity.parse(name.slice('hugepages-'.length)).value();
  return amount.sign === 0 || (amount.sign > 0 && size > 0n && amount.value() % size === 0n);
}

function validateHugePages(name: string, amount: Quantity, path: Path): Causes {
  const detail = `${amount.toString()} is not positive integer multiple of ${name}`;
  try {
    return when(!isMultiple(name, amount), () => invalidValue(path, amount, detail));
  } catch {
    // The size in the name is no quantity: nothing is a multiple of it.
    return [invalidValue(path, amount, detail)];
  }
}

/** An amount of something that cannot be negative, nor broken where it comes in pieces. */
export function validateAmount(name: string, amount: Quantity, path: Path): Causes {
  return [
    ...when(amount.sign < 0, () => invalidValue(path, amount, 'must be greater than or equal to 0')),
    ...when(isIntegerResource(name) && amount.milliValue() % 1000n !== 0n, () =>
      invalidValue(path, amount, 'must be an integer'),
    ),
  ];
}

const validateEntry = (name: string, amount: Quantity, path: Path): Causes => [
  ...validateContainerResourceName(name, path),
  ...validateAmount(name, amount, path),
  ...(isHugePage(name) ? validateHugePages(name, amount, path) : none),
];

function validateAgainstLimit(name: string, request: Quantity, limit: Quantity | undefined, path: Path): Causes {
  const requests = path.child('requests');
  if (!limit) {
    return when(!isOvercommitable(name), () =>
      required(path.child('limits'), 'Limit must be set for non overcommitable resources'),
    );
  }
  const what = `${name} limit of ${limit.toString()}`;
  if (!isOvercommitable(name) && !request.equals(limit)) {
    return [invalidValue(requests, request, `must be equal to ${what}`)];
  }
  return when(request.compare(limit) > 0, () =>
    invalidValue(requests, request, `must be less than or equal to ${what}`),
  );
}

/** Claims of devices, each among the claims of the pod, none twice; a claim as a whole includes its requests. */
function validateClaims(claims: readonly ResourceClaim[] | undefined, path: Path, known: readonly string[]): Causes {
  const seen = new Set<string>();
  const names = known.length > 0 ? `: [${known.join(' ')}]` : ' which is empty';
  return each(claims, path, ({ name, request }, where) => {
    if (!name) return [required(where)];
    if (!known.includes(name)) {
      return [notFoundValue(where, name, `must be one of the names in pod.spec.resourceClaims${names}`)];
    }
    const key = request ? `${name}/${request}` : name;
    const taken = seen.has(key) || seen.has(name);
    seen.add(key);
    return when(taken, () => duplicate(where, seen.has(name) ? name : key));
  });
}

const isComputed = ([name]: readonly [string, unknown]): boolean => name === 'cpu' || name === 'memory';

export function validateResources(resources: ResourceRequirements, path: Path, claims: readonly string[]): Causes {
  const limits = sorted(resources.limits);
  const requests = sorted(resources.requests);
  const limitOf = new Map(limits);
  const all = [...limits, ...requests];
  const lonelyHugePages = all.some(([name]) => isHugePage(name)) && !all.some(isComputed);
  return [
    ...limits.flatMap(([name, amount]) => validateEntry(name, amount, path.child('limits').key(name))),
    ...requests.flatMap(([name, amount]) => [
      ...validateEntry(name, amount, path.child('requests').key(name)),
      ...validateAgainstLimit(name, amount, limitOf.get(name), path),
    ]),
    ...when(lonelyHugePages, () => forbidden(path, 'HugePages require cpu or memory')),
    ...validateClaims(resources.claims, path.child('claims'), claims),
  ];
}

const resizable = ['cpu', 'memory'];

export function validateResizePolicy(container: Container, path: Path, podRestartPolicy: string): Causes {
  const seen = new Set<string>();
  return (container.resizePolicy ?? []).flatMap(({ resourceName, restartPolicy }) => {
    const taken = seen.has(resourceName);
    seen.add(resourceName);
    return [
      ...when(taken, () => duplicate(path, resourceName)),
      ...oneOf(resourceName, path, resizable),
      ...oneOf(restartPolicy, path, ['NotRequired', 'RestartContainer']),
      ...when(podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired', () =>
        invalidValue(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"),
      ),
    ];
  });
}

const podLevel = ['cpu', 'hugepages-', 'memory'];

function validatePodAmounts(amounts: Amounts | undefined, path: Path): Causes {
  return sorted(amounts).flatMap(([name, amount]) => {
    const where = path.key(name);
    if (!isPodLevel(name)) return [notSupported(where, name, podLevel)];
    return validateAmount(name, amount, where);
  });
}

const total = (containers: readonly Container[], name: string): Quantity =>
  containers.reduce((sum, { resources }) => sum.add(Quantity.parse(resources?.requests?.[name] ?? '0')), Quantity.zero);

/** Requests and limits of the pod as a whole (KEP-2837). */
export function validatePodResources(
  resources: ResourceRequirements,
  containers: readonly Container[],
  path: Path,
  claims: readonly string[],
): Causes {
  const limitOf = new Map(sorted(resources.limits));
  return [
    ...when((resources.claims ?? []).length > 0, () =>
      forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level'),
    ),
    ...validatePodAmounts(resources.limits, path.child('limits')),
    ...validatePodAmounts(resources.requests, path.child('requests')),
    ...sorted(resources.requests).flatMap(([name, amount]) =>
      validateAgainstLimit(name, amount, limitOf.get(name) ?? amount, path),
    ),
    ...sorted(resources.requests).flatMap(([name, amount]) => {
      const sum = total(containers, name);
      return when(amount.compare(sum) < 0, () =>
        invalidValue(
          path.child('requests').key(name),
          amount,
          `must be greater than or equal to aggregate container requests of ${sum.toString()}`,
        ),
      );
    }),
    ...validateClaims(resources.claims, path.child('claims'), claims),
  ];
}
