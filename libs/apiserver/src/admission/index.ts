import { systemClock, type Clock } from '@kubephant/base';
import type { AdmissionPlugin, Authorizer } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates';
import { persistentVolumeClaimResize } from './claim-resize';
import { defaultIngressClass } from './default-ingress-class';
import { defaultStorageClass } from './default-storage-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { limitRanger } from './limit-ranger/limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import { newObjects } from './objects';
import { podSecurity } from './pod-security/pod-security';
import { podTopologyLabels } from './pod-topology-labels';
import { priority } from './priority';
import { resourceQuota } from './resource-quota/resource-quota';
import { runtimeClass } from './runtime-class';
import { serviceAccount } from './service-account';
import { storageObjectInUseProtection } from './storage-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';

export interface AdmissionConfig {
  readonly store: Store;
  readonly clock?: Clock;
  /** Who may use which signer is asked of it. */
  readonly authorizer: Authorizer;
}

/** The plugins of every cluster, in upstream's order. */
export function defaultAdmission({
  store,
  clock = systemClock,
  authorizer,
}: AdmissionConfig): readonly AdmissionPlugin[] {
  const dependencies = { objects: newObjects(store), clock };
  return [
    namespaceLifecycle(dependencies),
    limitRanger(dependencies),
    serviceAccount(dependencies),
    nodeRestriction(dependencies),
    taintNodesByCondition,
    podSecurity(dependencies),
    priority(dependencies),
    defaultTolerationSeconds,
    defaultStorageClass(dependencies),
    storageObjectInUseProtection,
    persistentVolumeClaimResize(dependencies),
    runtimeClass(dependencies),
    certificateApproval(authorizer),
    certificateSigning(authorizer),
    certificateSubjectRestriction,
    defaultIngressClass(dependencies),
    podTopologyLabels(dependencies),
    resourceQuota({ ...dependencies, store }),
  ];
}
