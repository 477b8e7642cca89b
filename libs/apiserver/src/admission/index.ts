import { systemClock, type Clock } from '@kubephant/base';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { persistentVolumeClaimResize } from './claim-resize';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import { newObjects } from './objects';
import { priority } from './priority';
import { serviceAccount } from './service-account';
import { storageObjectInUseProtection } from './storage-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';

/** The plugins of every cluster, in upstream's order. */
export function defaultAdmission(store: Store, clock: Clock = systemClock): readonly AdmissionPlugin[] {
  const dependencies = { objects: newObjects(store), clock };
  return [
    namespaceLifecycle(dependencies),
    serviceAccount(dependencies),
    nodeRestriction(dependencies),
    taintNodesByCondition,
    priority(dependencies),
    defaultTolerationSeconds,
    storageObjectInUseProtection,
    persistentVolumeClaimResize(dependencies),
  ];
}
