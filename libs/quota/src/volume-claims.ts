import { Quantity } from '@kubephant/api';
import type { PersistentVolumeClaim } from '@kubephant/schema';
import { amountsOf, type Amounts } from './amounts';
import { countName, one, type Evaluator } from './evaluator';
import { isClaimIn } from './scopes';

const suffix = '.storageclass.storage.k8s.io/';
const perClass = ['persistentvolumeclaims', 'requests.storage'];
const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** Whole bytes of what is asked for, or of what is allocated where that is more. */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const requested = amountsOf(spec.resources?.requests).get('storage');
  const allocated = amountsOf(status?.allocatedResources).get('storage');
  if (!requested) return undefined;
  const most = allocated && allocated.compare(requested) > 0 ? allocated : requested;
  const whole = Quantity.of(most.value(), 0, most.format);
  return whole.equals(most) ? most : whole;
}

/** Claims count by number and size, in all and by storage class. */
export const volumeClaims: Evaluator = {
  counts: (name) =>
    name === countName('persistentvolumeclaims') ||
    perClass.some((counted) => name === counted || name.endsWith(suffix + counted)),
  isIn: isClaimIn,
  usage(obj): Amounts {
    const claim = obj as unknown as PersistentVolumeClaim;
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
