import { controllerOf, Quantity } from '@kubephant/api';
import type { DeviceClass, DeviceRequest, Pod, ResourceClaim } from '@kubephant/schema';
import { noAmounts, sum, type Amounts } from './amounts';
import { countName, one, type Evaluator } from './evaluator';
import { limitsExtended, ofDeviceClass, requestsPrefix } from './pods';

/** Where claims of devices are counted apart from others in that they ask for devices of this class. */
const classSuffix = '.deviceclass.resource.k8s.io/devices';
const implicitPrefix = requestsPrefix + ofDeviceClass;
const madeForPod = 'resource.kubernetes.io/extended-resource-claim';
const resource = 'resourceclaims.resource.k8s.io';

/** The most devices that one request can be given. */
const mostDevices = 32;

export interface DeviceClaimLookups {
  readonly deviceClasses: () => readonly DeviceClass[];
  /** What the pod counts for that the claim was made for; see `claimedPod`. */
  readonly podUsage: (claim: ResourceClaim) => Amounts | undefined;
}

interface Asking {
  readonly deviceClassName: string;
  readonly allocationMode?: string;
  readonly count?: number;
}

function devicesOf({ allocationMode, count = 0 }: Asking): number {
  if (allocationMode === 'All') return mostDevices;
  return allocationMode === 'ExactCount' ? count : 0;
}

/** The most a request can take of each class: of alternatives that are of one class, the largest. */
function devicesByClass({ exactly, firstAvailable = [] }: DeviceRequest): Amounts {
  const most = new Map<string, number>();
  for (const asking of firstAvailable.length > 0 ? firstAvailable : exactly ? [exactly] : []) {
    const { deviceClassName } = asking;
    most.set(deviceClassName, Math.max(most.get(deviceClassName) ?? 0, devicesOf(asking)));
  }
  return new Map([...most].map(([name, count]) => [name, Quantity.of(count)] as const));
}

/** Whether a limit of this name is about claims of devices, or would be if there were a device class that says so. */
export const mayCountDevices = (name: string): boolean =>
  name === countName(resource) || name.endsWith(classSuffix) || limitsExtended(name);

/** Claims of devices count by number and by device class, and as extended resources where pods could ask for them so. */
export function deviceClaims({ deviceClasses, podUsage }: DeviceClaimLookups): Evaluator {
  const extendedNameOf = (className: string): string =>
    deviceClasses().find(({ metadata }) => metadata.name === className)?.spec.extendedResourceName ?? '';
  const isExtendedName = (name: string): boolean =>
    deviceClasses().some(({ spec }) => spec.extendedResourceName === name);
  const countsAsExtended = (name: string): boolean =>
    (name.startsWith(implicitPrefix) && extendedNameOf(name.slice(implicitPrefix.length)) !== '') ||
    (limitsExtended(name) && isExtendedName(name.slice(requestsPrefix.length)));
  const asExtended = (className: string, amount: Quantity): Amounts => {
    const extendedName = extendedNameOf(className);
    return new Map([
      [implicitPrefix + className, amount],
      ...(extendedName ? [[requestsPrefix + extendedName, amount] as const] : []),
    ]);
  };
  return {
    counts: (name) => name === countName(resource) || name.endsWith(classSuffix) || countsAsExtended(name),
    isIn: () => false,
    usage(obj) {
      const claim = obj as ResourceClaim;
      const byClass = [...(claim.spec.devices?.requests ?? []).map(devicesByClass).reduce(sum, noAmounts)];
      // What the pod is charged for already is not charged for again.
      const charged = podUsage(claim) ?? noAmounts;
      const extended = byClass
        .flatMap(([name, amount]) => [...asExtended(name, amount)])
        .map(([name, amount]) => [name, amount.subtract(charged.get(name) ?? Quantity.zero)] as const)
        .filter(([, { sign }]) => sign > 0);
      return new Map([
        [countName(resource), one],
        ...byClass.map(([name, amount]) => [name + classSuffix, amount] as const),
        ...extended,
      ]);
    },
  };
}

/** The name of the pod that the claim says it was made for, because that asked for extended resources. */
export function podNameOf(claim: ResourceClaim): string | undefined {
  if (claim.metadata.annotations?.[madeForPod] !== 'true') return undefined;
  const owner = controllerOf(claim);
  return owner?.kind === 'Pod' && owner.apiVersion === 'v1' ? owner.name : undefined;
}

/**
 * Whether the claim is what the pod of that name was given for its extended resources: the pod says so, or says nothing
 * and the claim is the first of `claims`, those in its namespace, that name the pod.
 */
export function isClaimOf(pod: Pod, claim: ResourceClaim, claims: readonly ResourceClaim[]): boolean {
  if (controllerOf(claim)?.uid !== pod.metadata.uid) return false;
  const known = pod.status?.extendedResourceClaimStatus;
  if (known) return known.resourceClaimName === claim.metadata.name;
  const order = ({ metadata }: ResourceClaim): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  return !claims.some(
    (other) =>
      podNameOf(other) !== undefined && controllerOf(other)?.uid === pod.metadata.uid && order(other) < order(claim),
  );
}
