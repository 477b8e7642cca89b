import { systemClock, type Clock, type Logger } from '@kubephant/base';
import type { AdmissionPlugin, Authorizer, Caller } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates';
import { persistentVolumeClaimResize } from './claim-resize';
import type { AdmissionSettings } from './configuration/settings';
import { defaultIngressClass } from './default-ingress-class';
import { defaultStorageClass } from './default-storage-class';
import { defaultTolerationSeconds } from './default-toleration-seconds';
import { claimStatus } from './guards/claim-status';
import { deviceAccess } from './guards/device-access';
import { paramAccess } from './guards/param-access';
import { limitRanger } from './limit-ranger/limit-ranger';
import type { AdmissionMetrics } from './metrics/metrics';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import { newObjects, type AdmissionDependencies, type Objects } from './objects';
import { alwaysPullImages } from './optional/always-pull-images';
import {
  alwaysAdmit,
  alwaysDeny,
  denyServiceExternalIPs,
  extendedResourceToleration,
  limitPodHardAntiAffinityTopology,
  namespaceExists,
} from './optional/plugins';
import { nodeDeclaredFeatureValidator, podResizeValidator } from './pod-resize';
import type { PodSecurityMetrics } from './pod-security/metrics';
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
  readonly podSecurityMetrics: PodSecurityMetrics;
  readonly settings: AdmissionSettings;
}

/** The plugins that run, in upstream's order, and before them what upstream checks outside of admission. */
export function newAdmission(config: AdmissionConfig): readonly AdmissionPlugin[] {
  const objects = newObjects(config.store);
  const { authorizer } = config;
  const byName = new Map(pluginsHere(config, objects).map((plugin) => [plugin.name, plugin] as const));
  return [
    paramAccess({ objects, authorizer }),
    deviceAccess(objects),
    claimStatus(authorizer),
    ...config.settings.plugins.flatMap((name) => byName.get(name) ?? []),
  ];
}

/** All there are; those that wait for a feature gate are not. */
function pluginsHere(config: AdmissionConfig, objects: Objects): readonly AdmissionPlugin[] {
  const { store, clock = systemClock, authorizer, settings } = config;
  const dependencies = { objects, clock };
  const podSecurityConfig = { configuration: settings.podSecurity, metrics: config.podSecurityMetrics };
  return [
    namespaceLifecycle(dependencies),
    limitRanger(dependencies),
    serviceAccount(dependencies),
    nodeRestriction(dependencies),
    taintNodesByCondition,
    podSecurity({ ...dependencies, ...podSecurityConfig }),
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
    nodeDeclaredFeatureValidator(dependencies),
    podResizeValidator(dependencies),
    resourceQuota({ ...dependencies, store }),
    ...configuredPlugins(config, dependencies),
    ...optionalPlugins(dependencies),
  ];
}

/** Webhooks and policies. */
function configuredPlugins(
  { authorizer, caller, log, metrics, resolveService: resolve }: AdmissionConfig,
  dependencies: AdmissionDependencies,
): readonly AdmissionPlugin[] {
  const environments = newEnvironments();
  const policies = { objects: dependencies.objects, authorizer, environments, metrics };
  const conditions = newMatchConditions(authorizer, environments, metrics);
  const webhooks = { ...dependencies, caller, resolve, log, metrics, conditions };
  return [
    mutatingPolicies(policies),
    mutatingWebhooks(webhooks),
    validatingPolicies(policies),
    validatingWebhooks(webhooks),
  ];
}

/** What is off unless it is turned on. */
const optionalPlugins = (dependencies: AdmissionDependencies): readonly AdmissionPlugin[] => [
  alwaysAdmit,
  alwaysDeny,
  alwaysPullImages,
  namespaceExists(dependencies),
  limitPodHardAntiAffinityTopology,
  denyServiceExternalIPs,
  extendedResourceToleration,
];
