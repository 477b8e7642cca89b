import type {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  ControllerRevision,
  CustomResourceDefinition,
  DaemonSet,
  Deployment,
  DeviceClass,
  Endpoints,
  EndpointSlice,
  Event,
  Job,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  ResourceClaim,
  ResourceQuota,
  Role,
  RoleBinding,
  RuntimeClass,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  ValidatingAdmissionPolicy,
} from '@kubephant/schema';
import type { KubeObject } from '@kubephant/api';
import type { ResourceRef } from './client';

type Scope = 'Namespaced' | 'Cluster';

const ref =
  (group: string, version: string) =>
  <T extends KubeObject>(kind: string, plural: string, scope: Scope = 'Namespaced'): ResourceRef<T> => ({
    group,
    version,
    plural,
    kind,
    namespaced: scope === 'Namespaced',
  });

const core = ref('', 'v1');
export const pods = core<Pod>('Pod', 'pods');
export const nodes = core<Node>('Node', 'nodes', 'Cluster');
export const namespaces = core<Namespace>('Namespace', 'namespaces', 'Cluster');
export const services = core<Service>('Service', 'services');
export const endpoints = core<Endpoints>('Endpoints', 'endpoints');
export const configMaps = core<ConfigMap>('ConfigMap', 'configmaps');
export const secrets = core<Secret>('Secret', 'secrets');
export const serviceAccounts = core<ServiceAccount>('ServiceAccount', 'serviceaccounts');
export const events = core<Event>('Event', 'events');
export const replicationControllers = core<ReplicationController>('ReplicationController', 'replicationcontrollers');
export const resourceQuotas = core<ResourceQuota>('ResourceQuota', 'resourcequotas');
export const persistentVolumes = core<PersistentVolume>('PersistentVolume', 'persistentvolumes', 'Cluster');
export const persistentVolumeClaims = core<PersistentVolumeClaim>('PersistentVolumeClaim', 'persistentvolumeclaims');

const apps = ref('apps', 'v1');
export const deployments = apps<Deployment>('Deployment', 'deployments');
export const replicaSets = apps<ReplicaSet>('ReplicaSet', 'replicasets');
export const statefulSets = apps<StatefulSet>('StatefulSet', 'statefulsets');
export const daemonSets = apps<DaemonSet>('DaemonSet', 'daemonsets');
export const controllerRevisions = apps<ControllerRevision>('ControllerRevision', 'controllerrevisions');

export const jobs = ref('batch', 'v1')<Job>('Job', 'jobs');
export const leases = ref('coordination.k8s.io', 'v1')<Lease>('Lease', 'leases');
export const endpointSlices = ref('discovery.k8s.io', 'v1')<EndpointSlice>('EndpointSlice', 'endpointslices');
export const podDisruptionBudgets = ref('policy', 'v1')<PodDisruptionBudget>(
  'PodDisruptionBudget',
  'poddisruptionbudgets',
);
export const runtimeClasses = ref('node.k8s.io', 'v1')<RuntimeClass>('RuntimeClass', 'runtimeclasses', 'Cluster');

const rbac = ref('rbac.authorization.k8s.io', 'v1');
export const roles = rbac<Role>('Role', 'roles');
export const roleBindings = rbac<RoleBinding>('RoleBinding', 'rolebindings');
export const clusterRoles = rbac<ClusterRole>('ClusterRole', 'clusterroles', 'Cluster');
export const clusterRoleBindings = rbac<ClusterRoleBinding>('ClusterRoleBinding', 'clusterrolebindings', 'Cluster');

const devices = ref('resource.k8s.io', 'v1');
export const resourceClaims = devices<ResourceClaim>('ResourceClaim', 'resourceclaims');
export const deviceClasses = devices<DeviceClass>('DeviceClass', 'deviceclasses', 'Cluster');
export const validatingAdmissionPolicies = ref('admissionregistration.k8s.io', 'v1')<ValidatingAdmissionPolicy>(
  'ValidatingAdmissionPolicy',
  'validatingadmissionpolicies',
  'Cluster',
);
export const customResourceDefinitions = ref('apiextensions.k8s.io', 'v1')<CustomResourceDefinition>(
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'Cluster',
);
