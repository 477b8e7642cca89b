import { dns1123Label, Quantity } from '@kubephant/api';
import type { Container, CoreV1ResourceClaim as ResourceClaim, ResourceRequirements } from '@kubephant/schema';
import { duplicate, forbidden, invalidValue, none, notFoundValue, required, type Causes } from '../validation/causes';
import { each, follows, requiredOneOf, when } from '../validation/checks';
import type { Path } from '../validation/path';
import { isHugePage, isIntegerResource, isOvercommitable, validateContainerResourceName } from './resource-names';

type Amounts = Readonly<Record<string, string>>;

/** Sorted, so that messages are stable; upstream's order is that of a Go map, which is none. */
export const sorted = (amounts: Amounts | undefined): readonly (readonly [string, Quantity])[] =>
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

/** What may be named. */
type NameRule = (name: string, path: Path) => Causes;

const validateEntry = (name: string, amount: Quantity, path: Path, rule: NameRule): Causes => [
  ...rule(name, path),
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

const claimKey = ({ name, request }: ResourceClaim): string => (request ? `${name}/${request}` : name);

/** What of a claim was referred to before: all of it, the same request, or for all of it each of its requests. */
function takenClaims(claim: ResourceClaim, seen: ReadonlySet<string>): readonly string[] {
  const key = claimKey(claim);
  if (seen.has(claim.name)) return [claim.name];
  if (seen.has(key)) return [key];
  return claim.request ? [] : [...seen].filter((other) => other.startsWith(`${claim.name}/`)).map(() => claim.name);
}

/** Claims of devices, each among the claims of the pod, none twice; a claim as a whole includes its requests. */
function validateClaims(claims: readonly ResourceClaim[] | undefined, path: Path, known: readonly string[]): Causes {
  const seen = new Set<string>();
  const named = [...new Set(known.filter(Boolean))].sort();
  const names = named.length > 0 ? `: ${named.join(', ')}` : ' which is empty';
  return each(claims, path, (claim, where) => {
    const { name, request } = claim;
    if (!name) return [required(where)];
    const isWhole = seen.has(name);
    const taken = takenClaims(claim, seen);
    if (!isWhole) seen.add(claimKey(claim));
    return [
      ...(request && !isWhole ? follows(request, where.child('request'), dns1123Label) : none),
      ...taken.map((key) => duplicate(where, key)),
      ...when(!named.includes(name), () =>
        notFoundValue(where, name, `must be one of the names in pod.spec.resourceClaims${names}`),
      ),
    ];
  });
}

const isComputed = ([name]: readonly [string, unknown]): boolean => name === 'cpu' || name === 'memory';

export function validateResources(
  resources: ResourceRequirements,
  path: Path,
  claims: readonly string[],
  rule: NameRule = validateContainerResourceName,
): Causes {
  const limits = sorted(resources.limits);
  const requests = sorted(resources.requests);
  const limitOf = new Map(limits);
  const all = [...limits, ...requests];
  const lonelyHugePages = all.some(([name]) => isHugePage(name)) && !all.some(isComputed);
  return [
    ...limits.flatMap(([name, amount]) => validateEntry(name, amount, path.child('limits').key(name), rule)),
    ...requests.flatMap(([name, amount]) => [
      ...validateEntry(name, amount, path.child('requests').key(name), rule),
      ...validateAgainstLimit(name, amount, limitOf.get(name), path),
    ]),
    ...when(lonelyHugePages, () => forbidden(path, 'HugePages require cpu or memory')),
    ...validateClaims(resources.claims, path.child('claims'), claims),
  ];
}

const resizable = ['cpu', 'memory'];

export function validateResizePolicy(container: Container, path: Path, podRestartPolicy: string): Causes {
  const seen = new Set<string>();
  return (container.resizePolicy ?? []).flatMap(({ resourceName, restartPolicy }, index) => {
    const taken = seen.has(resourceName);
    seen.add(resourceName);
    return [
      ...when(taken, () => duplicate(path.index(index), resourceName)),
      ...requiredOneOf(resourceName, path, resizable),
      ...requiredOneOf(restartPolicy, path, ['NotRequired', 'RestartContainer']),
      ...when(podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired', () =>
        invalidValue(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"),
      ),
    ];
  });
}
