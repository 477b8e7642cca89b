import type { CheckExpression } from './admissionregistration/expressions';
import { admissionRows } from './admissionregistration/rows';
import { apiServices } from './apiregistration/apiservices';
import { controllerRevisions } from './apps/controllerrevisions';
import { daemonSets } from './apps/daemonsets';
import { deployments } from './apps/deployments';
import { replicaSets } from './apps/replicasets';
import { statefulSets } from './apps/statefulsets';
import { horizontalPodAutoscalers } from './autoscaling/horizontalpodautoscalers';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalpodautoscalers-v1';
import { cronJobs } from './batch/cronjobs';
import { jobs } from './batch/jobs';
import { certificateSigningRequests } from './certificates/certificatesigningrequests';
import { customResourceDefinitions } from './extensions/customresourcedefinitions';
import { refuseRules } from './extensions/rules';
import type { CheckRules } from './extensions/validate';
import { leases } from './coordination/leases';
import { bindings } from './core/bindings';
import { configMaps } from './core/configmaps';
import { endpoints } from './core/endpoints';
import { events } from './core/events';
import { limitRanges } from './core/limitranges';
import { namespaces } from './core/namespaces';
import { nodes } from './core/nodes';
import { pods } from './core/pods';
import { podTemplates } from './core/podtemplates';
import { replicationControllers } from './core/replicationcontrollers';
import { resourceQuotas } from './core/resourcequotas';
import { secrets } from './core/secrets';
import type { IPFamily } from './core/service-type';
import { serviceAccounts, type IssueToken } from './core/serviceaccounts';
import { services } from './core/services';
import type { ResourceDefinition } from './definition';
import { endpointSlices } from './discovery/endpointslices';
import { newEvents } from './events/events';
import { flowSchemas } from './flowcontrol/flowschemas';
import { priorityLevelConfigurations } from './flowcontrol/prioritylevelconfigurations';
import { ingressClasses } from './networking/ingressclasses';
import { ingresses } from './networking/ingresses';
import { ipAddresses } from './networking/ipaddresses';
import { networkPolicies } from './networking/networkpolicies';
import { serviceCIDRs } from './networking/servicecidrs';
import { runtimeClasses } from './node/runtimeclasses';
import { podDisruptionBudgets } from './policy/poddisruptionbudgets';
import { clusterRoleBindings } from './rbac/clusterrolebindings';
import { clusterRoles } from './rbac/clusterroles';
import { roleBindings } from './rbac/rolebindings';
import { roles } from './rbac/roles';
import { deviceRows } from './resource/rows';
import { priorityClasses } from './scheduling/priorityclasses';
import { csiDrivers } from './storage/csidrivers';
import { csiNodes } from './storage/csinodes';
import { csiStorageCapacities } from './storage/csistoragecapacities';
import { persistentVolumeClaims } from './storage/persistentvolumeclaims';
import { persistentVolumes } from './storage/persistentvolumes';
import { storageClasses } from './storage/storageclasses';
import { volumeAttachments } from './storage/volumeattachments';
import { volumeAttributesClasses } from './storage/volumeattributesclasses';

/** What rows need from the server that serves them. */
export interface TableDependencies {
  /** Makes the token of `serviceaccounts/token`; without it the subresource is not served. */
  readonly issueToken?: IssueToken;
  /** Families of the service address ranges, the default first; absent: IPv4 alone. */
  readonly serviceFamilies?: readonly IPFamily[];
  /** Compiles expressions of CEL; absent: what policies and webhooks say is taken as it is. */
  readonly checkExpression?: CheckExpression;
  /** Compiles the rules of a custom resource's schema; absent: schemas with rules are refused. */
  readonly checkRules?: CheckRules;
}

/** Every resource that is served, in the order discovery lists them. */
export const resourceTable = ({
  issueToken,
  serviceFamilies,
  checkExpression,
  checkRules = refuseRules,
}: TableDependencies = {}): readonly ResourceDefinition[] => [
  bindings,
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts(issueToken),
  services(serviceFamilies),
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  horizontalPodAutoscalers,
  horizontalPodAutoscalersV1,
  cronJobs,
  jobs,
  leases,
  endpointSlices,
  newEvents,
  certificateSigningRequests,
  ingressClasses,
  ingresses,
  ipAddresses,
  networkPolicies,
  serviceCIDRs,
  runtimeClasses,
  podDisruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  priorityClasses,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
  ...admissionRows(checkExpression),
  ...deviceRows(checkExpression),
  customResourceDefinitions(checkRules),
  flowSchemas,
  priorityLevelConfigurations,
  apiServices,
];

/** The table without what only a server can give. */
export const table: readonly ResourceDefinition[] = resourceTable();
