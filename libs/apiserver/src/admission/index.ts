import { systemClock, type Clock, type Logger } from '@kubephant/base';
import type { AdmissionPlugin, Authorizer, Caller } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates';
import { persistentVolumeClaimResize } from './claim-resize';
import { defaultIngressClass } from './default-ingress-class';
import { defaultStorageClass } from './default-storage-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { limitRanger } from './limit-ranger/limit-ranger';
import type { AdmissionMetrics } from './metrics/metrics';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import { newObjects } from './objects';
import { podSecurity } from './pod-security/pod-security';
import { podTopologyLabels } from './pod-topology-labels';
import { newMatchConditions } from './policies/cel-conditions';
import { newEnvironments } from './policies/environments';
import { mutatingPolicies } from './policies/mutating-policies';
import { validatingPolicies } from './policies/validating-policies';
import { priority } from './priority';
import { resourceQuota } from './resource-quota/resource-quota';
import { runtimeClass } from './runtime-class';
import { serviceAccount } from './service-account';
import { storageObjectInUseProtection } from './storage-protection';
import { taintNodesByCondition } from './taint-nodes-by-condition';
import { mutatingWebhooks } from './webhooks/mutating';
import type { ResolveService } from './webhooks/target';
import { validatingWebhooks } from './webhooks/validating';

export interface AdmissionConfig {
  readonly store: Store;
  readonly clock?: Clock;
  /** Who may use which signer is asked of it. */
  readonly authorizer: Authorizer;
  /** How webhooks are reached. */
  readonly caller: Caller;
  readonly resolveService: ResolveService;
  readonly log: Logger;
  readonly metrics: AdmissionMetrics;
}

/** The plugins of every cluster, in upstream's order. */
export function defaultAdmission(config: AdmissionConfig): readonly AdmissionPlugin[] {
  const { store, clock = systemClock, authorizer, caller, log, metrics, resolveService: resolve } = config;
  const objects = newObjects(store);
  const dependencies = { objects, clock };
  const environments = newEnvironments();
  const policies = { objects, authorizer, environments, metrics };
  const conditions = newMatchConditions(authorizer, environments, metrics);
  const webhooks = { ...dependencies, caller, resolve, log, metrics, conditions };
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
    mutatingPolicies(policies),
    mutatingWebhooks(webhooks),
    validatingPolicies(policies),
    validatingWebhooks(webhooks),
    resourceQuota({ ...dependencies, store }),
  ];
}
