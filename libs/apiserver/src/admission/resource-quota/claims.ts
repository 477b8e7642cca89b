import { Quantity, type KubeObject } from '@kubephant/api';
import type { PersistentVolumeClaim } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import { amountsOf, type Amounts } from '../amounts';
import { countName, isWhole, one, type Evaluator } from './evaluator';
import { attributeClasses, isClaimIn } from './scopes';

const suffix = '.storageclass.storage.k8s.io/';
const perClass = ['persistentvolumeclaims', 'requests.storage'];
const betaClass = 'volume.beta.kubernetes.io/storage-class';

const claimOf = (obj: KubeObject | undefined): PersistentVolumeClaim => obj as unknown as PersistentVolumeClaim;

/** Whole bytes of what is asked for, or of what is allocated where that is more. */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const requested = amountsOf(spec.resources?.requests).get('storage');
  const allocated = amountsOf(status?.allocatedResources).get('storage');
  if (!requested) return undefined;
  const most = allocated && allocated.compare(requested) > 0 ? allocated : requested;
  const whole = Quantity.of(most.value(), 0, most.format);
  return whole.equals(most) ? most : whole;
}

/** A status changes what is used where it says that more was allocated, or of another class. */
function changesUsage({ object, old }: Attributes): boolean {
  const [now, before] = [claimOf(object), claimOf(old)];
  const allocated = (claim: PersistentVolumeClaim): string => claim.status?.allocatedResources?.['storage'] ?? '';
  return allocated(now) !== allocated(before) || attributeClasses(now).join() !== attributeClasses(before).join();
}

/** Claims count by number and size, in all and by storage class. */
export const claims: Evaluator = {
  handles: (attributes) =>
    isWhole(attributes)
      ? ['CREATE', 'UPDATE'].includes(attributes.operation)
      : attributes.info.subresource === 'status' && changesUsage(attributes),
  counts: (name) =>
    name === countName('persistentvolumeclaims') ||
    perClass.some((counted) => name === counted || name.endsWith(suffix + counted)),
  isIn: isClaimIn,
  usage(obj): Amounts {
    const claim = claimOf(obj);
    const ofClass = claim.metadata.annotations?.[betaClass] ?? claim.spec.storageClassName ?? '';
    const storage = storageOf(claim);
    const used = [
      ['persistentvolumeclaims', one] as const,
      ...(storage ? [['requests.storage', storage] as const] : []),
    ];
    const byClass = ofClass === '' ? [] : used.map(([name, amount]) => [ofClass + suffix + name, amount] as const);
    return new Map([[countName('persistentvolumeclaims'), one], ...used, ...byClass]);
  },
};
