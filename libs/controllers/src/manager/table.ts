import type { Client } from '@kubephant/client';
import type { ControllerContext } from '../common/context';
import { runDeploymentController } from '../deployment/controller';
import { runDisruptionController } from '../disruption/controller';
import { runEndpointSliceController } from '../endpointslice/controller';
import { runEndpointSliceMirroringController } from '../endpointslicemirroring/controller';
import { runEndpointsController } from '../endpoints/controller';
import { runGarbageCollector } from '../gc/controller';
import { runNamespaceController } from '../namespace/controller';
import type { Pool } from '../nodeipam/allocate';
import { runNodeIpamController } from '../nodeipam/controller';
import { runNodeLifecycleController, type NodeLifecycleConfig } from '../nodelifecycle/controller';
import { runTaintEvictionController } from '../nodelifecycle/taint-eviction';
import { runPodGc } from '../podgc/controller';
import type { PodGcConfig } from '../podgc/decide';
import { runClaimProtection, runVolumeProtection } from '../protection/controller';
import { runReplicaController } from '../replicaset/controller';
import { replicaSetKind, replicationControllerKind } from '../replicaset/kinds';
import { runResourceQuotaController, type ResourceQuotaConfig } from '../resourcequota/controller';
import { runServiceAccountController } from '../serviceaccount/controller';
import { runRootCaPublisher } from '../serviceaccount/root-ca';
import { runPolicyStatus } from '../validatingadmissionpolicystatus/controller';

/** What single controllers are told beside their context. */
export interface ControllerSettings {
  /** PEM of the authority that pods are to trust; absent: it is not published. */
  readonly rootCa?: string;
  /** Where nodes get their pod ranges from; absent: nowhere. */
  readonly pools?: readonly Pool[];
  readonly nodeLifecycle: NodeLifecycleConfig;
  readonly maxEndpointsPerSlice: number;
  /** Addresses of one subset of an Endpoints object that are mirrored. */
  readonly maxMirroredPerSubset: number;
  readonly podGc: PodGcConfig;
  readonly resourceQuota: ResourceQuotaConfig;
}

export interface ControllerRun {
  readonly context: ControllerContext;
  readonly settings: ControllerSettings;
  /** The identity of the process, which may see everything. */
  readonly watcher: Client;
}

/** A controller is a row: upstream's name of it, whose rights it has, and how it speaks of itself in events. */
export interface ControllerRow {
  /** As `--controllers` names it. */
  readonly name: string;
  /** In kube-system; upstream's bootstrap roles are bound to it. */
  readonly serviceAccount: string;
  /** `source.component` of its events. */
  readonly component: string;
  /** Upstream's default for its `--concurrent-…-syncs`. */
  readonly workers: number;
  run(given: ControllerRun, signal: AbortSignal): Promise<void>;
}

export const controllerTable: readonly ControllerRow[] = [
  {
    name: 'replicaset-controller',
    serviceAccount: 'replicaset-controller',
    component: 'replicaset-controller',
    workers: 5,
    run: ({ context }, signal) => runReplicaController(replicaSetKind, context, signal),
  },
  {
    name: 'replicationcontroller-controller',
    serviceAccount: 'replication-controller',
    component: 'replication-controller',
    workers: 5,
    run: ({ context }, signal) => runReplicaController(replicationControllerKind, context, signal),
  },
  {
    name: 'deployment-controller',
    serviceAccount: 'deployment-controller',
    component: 'deployment-controller',
    workers: 5,
    run: ({ context }, signal) => runDeploymentController(context, signal),
  },
  {
    name: 'endpoints-controller',
    serviceAccount: 'endpoint-controller',
    component: 'endpoint-controller',
    workers: 5,
    run: ({ context }, signal) => runEndpointsController(context, signal),
  },
  {
    name: 'endpointslice-controller',
    serviceAccount: 'endpointslice-controller',
    component: 'endpoint-slice-controller',
    workers: 5,
    run: ({ context, settings }, signal) => runEndpointSliceController(context, settings.maxEndpointsPerSlice, signal),
  },
  {
    name: 'endpointslice-mirroring-controller',
    serviceAccount: 'endpointslicemirroring-controller',
    component: 'endpoint-slice-mirroring-controller',
    workers: 5,
    run: ({ context, settings }, signal) =>
      runEndpointSliceMirroringController(context, settings.maxMirroredPerSubset, signal),
  },
  {
    name: 'serviceaccount-controller',
    serviceAccount: 'service-account-controller',
    component: 'service-account-controller',
    workers: 1,
    run: ({ context }, signal) => runServiceAccountController(context, signal),
  },
  {
    name: 'root-ca-certificate-publisher-controller',
    serviceAccount: 'root-ca-cert-publisher',
    component: 'root-ca-cert-publisher',
    workers: 1,
    run: ({ context, settings: { rootCa } }, signal) =>
      rootCa === undefined ? Promise.resolve() : runRootCaPublisher(context, rootCa, signal),
  },
  {
    name: 'namespace-controller',
    serviceAccount: 'namespace-controller',
    component: 'namespace-controller',
    workers: 10,
    run: ({ context }, signal) => runNamespaceController(context, signal),
  },
  {
    name: 'garbage-collector-controller',
    serviceAccount: 'generic-garbage-collector',
    component: 'garbage-collector-controller',
    workers: 20,
    run: ({ context, watcher }, signal) => runGarbageCollector(context, watcher, signal),
  },
  {
    name: 'node-lifecycle-controller',
    serviceAccount: 'node-controller',
    component: 'node-controller',
    workers: 8,
    run: ({ context, settings }, signal) => runNodeLifecycleController(context, settings.nodeLifecycle, signal),
  },
  {
    name: 'taint-eviction-controller',
    serviceAccount: 'node-controller',
    component: 'taint-eviction-controller',
    workers: 8,
    run: ({ context }, signal) => runTaintEvictionController(context, signal),
  },
  {
    name: 'pod-garbage-collector-controller',
    serviceAccount: 'pod-garbage-collector',
    component: 'pod-garbage-collector-controller',
    workers: 1,
    run: ({ context, settings }, signal) => runPodGc(context, settings.podGc, signal),
  },
  {
    name: 'persistentvolumeclaim-protection-controller',
    serviceAccount: 'pvc-protection-controller',
    component: 'pvc-protection-controller',
    workers: 1,
    run: ({ context }, signal) => runClaimProtection(context, signal),
  },
  {
    name: 'persistentvolume-protection-controller',
    serviceAccount: 'pv-protection-controller',
    component: 'pv-protection-controller',
    workers: 1,
    run: ({ context }, signal) => runVolumeProtection(context, signal),
  },
  {
    name: 'disruption-controller',
    serviceAccount: 'disruption-controller',
    component: 'controllermanager',
    workers: 1,
    run: ({ context }, signal) => runDisruptionController(context, signal),
  },
  {
    name: 'resourcequota-controller',
    serviceAccount: 'resourcequota-controller',
    component: 'resourcequota-controller',
    workers: 5,
    run: ({ context, settings }, signal) => runResourceQuotaController(context, settings.resourceQuota, signal),
  },
  {
    name: 'node-ipam-controller',
    serviceAccount: 'node-controller',
    component: 'cidrAllocator',
    workers: 1,
    run: ({ context, settings: { pools } }, signal) =>
      pools === undefined ? Promise.resolve() : runNodeIpamController(context, pools, signal),
  },
  {
    name: 'validatingadmissionpolicy-status-controller',
    serviceAccount: 'validatingadmissionpolicy-status-controller',
    component: 'validatingadmissionpolicy-status-controller',
    workers: 5,
    run: ({ context }, signal) => runPolicyStatus(context, signal),
  },
];

/**
 * The rows that `--controllers` asks for: `*` all, `name` one, `-name` all but one. Throws an Error for a name that is not
 * in the table.
 */
export function selectControllers(asked: readonly string[]): readonly ControllerRow[] {
  const known = new Set(controllerTable.map(({ name }) => name));
  const unknown = asked.map((name) => name.replace(/^-/, '')).find((name) => name !== '*' && !known.has(name));
  if (unknown !== undefined) throw new Error(`${JSON.stringify(unknown)} is not in the list of known controllers`);
  return controllerTable.filter(
    ({ name }) => (asked.includes('*') || asked.includes(name)) && !asked.includes(`-${name}`),
  );
}
