import {
  boolean,
  condition,
  count,
  firstOf,
  integer,
  json,
  reference,
  references,
  size,
  sum,
  text,
  texts,
  time,
  type Column,
} from './sql';

export interface ResourceView {
  readonly group?: string;
  /** Not in a namespace. */
  readonly cluster?: true;
  /** Between the columns that every resource has and the whole of the object. */
  readonly columns?: Readonly<Record<string, Column>>;
}

const replicas = {
  replicas: integer('spec.replicas'),
  ready: integer('status.readyReplicas'),
  available: integer('status.availableReplicas'),
  images: texts('spec.template.spec.containers[*].image'),
  selector: json('spec.selector.matchLabels'),
};
const binding = { role: reference('roleRef'), subjects: references('subjects[*]') };
const rules = { rules: json('rules') };
const webhooks = { webhooks: texts('webhooks[*].name') };
const admission = { group: 'admissionregistration.k8s.io', cluster: true } as const;
const flowcontrol = { group: 'flowcontrol.apiserver.k8s.io', cluster: true } as const;
const rbac = { group: 'rbac.authorization.k8s.io' } as const;
const storage = { group: 'storage.k8s.io', cluster: true } as const;
const devices = { group: 'resource.k8s.io' } as const;

/** Every resource that Kubernetes 1.36 keeps, and what people ask of it. Those not served yet have empty views. */
export const resourceViews: Readonly<Record<string, ResourceView>> = {
  configmaps: { columns: { keys: size('data'), immutable: boolean('immutable') } },
  endpoints: { columns: { addresses: texts('subsets[*].addresses[*].ip') } },
  events: {
    columns: {
      type: text('type'),
      reason: text('reason'),
      object: reference('involvedObject'),
      message: text('message'),
      source: firstOf('source.component'),
      count: integer('count'),
      last_seen: { sql: `coalesce(d.data ->> 'lastTimestamp', d.data ->> 'eventTime')::timestamptz` },
    },
  },
  limitranges: { columns: { limits: json('spec.limits') } },
  namespaces: { cluster: true, columns: { phase: text('status.phase') } },
  nodes: {
    cluster: true,
    columns: {
      ready: condition('Ready'),
      unschedulable: boolean('spec.unschedulable'),
      internal_ip: firstOf('status.addresses[*] ? (@.type == "InternalIP").address'),
      pod_cidr: text('spec.podCIDR'),
      kubelet_version: text('status.nodeInfo.kubeletVersion'),
      cpu: text('status.allocatable.cpu'),
      memory: text('status.allocatable.memory'),
      taints: texts('spec.taints[*].key'),
    },
  },
  persistentvolumeclaims: {
    columns: {
      phase: text('status.phase'),
      volume: text('spec.volumeName'),
      storage_class: text('spec.storageClassName'),
      capacity: text('status.capacity.storage'),
      access_modes: texts('spec.accessModes[*]'),
    },
  },
  persistentvolumes: {
    cluster: true,
    columns: {
      phase: text('status.phase'),
      claim: { sql: `(d.data #>> '{spec,claimRef,namespace}') || '/' || (d.data #>> '{spec,claimRef,name}')` },
      storage_class: text('spec.storageClassName'),
      capacity: text('spec.capacity.storage'),
      reclaim_policy: text('spec.persistentVolumeReclaimPolicy'),
    },
  },
  pods: {
    columns: {
      node: text('spec.nodeName'),
      phase: text('status.phase'),
      ready: condition('Ready'),
      restarts: sum('status.containerStatuses[*].restartCount'),
      pod_ip: text('status.podIP'),
      images: texts('spec.containers[*].image'),
      started_at: time('status.startTime'),
      service_account: text('spec.serviceAccountName'),
      qos_class: text('status.qosClass'),
      priority: integer('spec.priority'),
    },
  },
  podtemplates: { columns: { images: texts('template.spec.containers[*].image') } },
  replicationcontrollers: { columns: { ...replicas, selector: json('spec.selector') } },
  resourcequotas: { columns: { hard: json('status.hard'), used: json('status.used') } },
  secrets: { columns: { type: text('type'), immutable: boolean('immutable') } },
  serviceaccounts: { columns: { image_pull_secrets: texts('imagePullSecrets[*].name') } },
  services: {
    columns: {
      type: text('spec.type'),
      cluster_ip: text('spec.clusterIP'),
      external_ips: texts('status.loadBalancer.ingress[*].ip'),
      ports: texts('spec.ports[*].port'),
      selector: json('spec.selector'),
    },
  },
  mutatingadmissionpolicies: { ...admission },
  mutatingadmissionpolicybindings: { ...admission, columns: { policy: text('spec.policyName') } },
  mutatingwebhookconfigurations: { ...admission, columns: webhooks },
  validatingadmissionpolicies: { ...admission },
  validatingadmissionpolicybindings: { ...admission, columns: { policy: text('spec.policyName') } },
  validatingwebhookconfigurations: { ...admission, columns: webhooks },
  customresourcedefinitions: {
    group: 'apiextensions.k8s.io',
    cluster: true,
    columns: {
      group: text('spec.group'),
      defines: text('spec.names.kind'),
      scope: text('spec.scope'),
      versions: texts('spec.versions[*].name'),
      established: condition('Established'),
    },
  },
  apiservices: {
    group: 'apiregistration.k8s.io',
    cluster: true,
    columns: { service: text('spec.service.name'), available: condition('Available') },
  },
  controllerrevisions: { group: 'apps', columns: { number: integer('revision') } },
  daemonsets: {
    group: 'apps',
    columns: {
      desired: integer('status.desiredNumberScheduled'),
      ready: integer('status.numberReady'),
      available: integer('status.numberAvailable'),
      images: replicas.images,
      selector: replicas.selector,
    },
  },
  deployments: { group: 'apps', columns: { ...replicas, updated: integer('status.updatedReplicas') } },
  replicasets: { group: 'apps', columns: replicas },
  statefulsets: { group: 'apps', columns: { ...replicas, service: text('spec.serviceName') } },
  horizontalpodautoscalers: {
    group: 'autoscaling',
    columns: {
      target: reference('spec.scaleTargetRef'),
      min_replicas: integer('spec.minReplicas'),
      max_replicas: integer('spec.maxReplicas'),
      replicas: integer('status.currentReplicas'),
    },
  },
  cronjobs: {
    group: 'batch',
    columns: {
      schedule: text('spec.schedule'),
      suspend: boolean('spec.suspend'),
      active: count('status.active[*]'),
      last_scheduled_at: time('status.lastScheduleTime'),
    },
  },
  jobs: {
    group: 'batch',
    columns: {
      completions: integer('spec.completions'),
      succeeded: integer('status.succeeded'),
      failed: integer('status.failed'),
      active: integer('status.active'),
      completed_at: time('status.completionTime'),
      images: replicas.images,
    },
  },
  certificatesigningrequests: {
    group: 'certificates.k8s.io',
    cluster: true,
    columns: { signer: text('spec.signerName'), requestor: text('spec.username'), approved: condition('Approved') },
  },
  leases: {
    group: 'coordination.k8s.io',
    columns: {
      holder: text('spec.holderIdentity'),
      renewed_at: time('spec.renewTime'),
      seconds: integer('spec.leaseDurationSeconds'),
      transitions: integer('spec.leaseTransitions'),
    },
  },
  endpointslices: {
    group: 'discovery.k8s.io',
    columns: {
      service: { sql: `d.data #>> '{metadata,labels,kubernetes.io/service-name}'` },
      address_type: text('addressType'),
      addresses: texts('endpoints[*].addresses[*]'),
      ports: texts('ports[*].port'),
    },
  },
  flowschemas: { ...flowcontrol, columns: { priority_level: text('spec.priorityLevelConfiguration.name') } },
  prioritylevelconfigurations: { ...flowcontrol, columns: { type: text('spec.type') } },
  ingressclasses: { group: 'networking.k8s.io', cluster: true, columns: { controller: text('spec.controller') } },
  ingresses: {
    group: 'networking.k8s.io',
    columns: { class: text('spec.ingressClassName'), hosts: texts('spec.rules[*].host') },
  },
  ipaddresses: { group: 'networking.k8s.io', cluster: true, columns: { used_by: text('spec.parentRef.name') } },
  networkpolicies: { group: 'networking.k8s.io', columns: { policy_types: texts('spec.policyTypes[*]') } },
  servicecidrs: { group: 'networking.k8s.io', cluster: true, columns: { cidrs: texts('spec.cidrs[*]') } },
  runtimeclasses: { group: 'node.k8s.io', cluster: true, columns: { handler: text('handler') } },
  poddisruptionbudgets: {
    group: 'policy',
    columns: {
      min_available: text('spec.minAvailable'),
      max_unavailable: text('spec.maxUnavailable'),
      disruptions_allowed: integer('status.disruptionsAllowed'),
    },
  },
  clusterrolebindings: { ...rbac, cluster: true, columns: binding },
  clusterroles: { ...rbac, cluster: true, columns: rules },
  rolebindings: { ...rbac, columns: binding },
  roles: { ...rbac, columns: rules },
  deviceclasses: { ...devices, cluster: true },
  resourceclaims: { ...devices, columns: { reserved_for: texts('status.reservedFor[*].name') } },
  resourceclaimtemplates: { ...devices },
  resourceslices: { ...devices, cluster: true, columns: { driver: text('spec.driver'), node: text('spec.nodeName') } },
  priorityclasses: {
    group: 'scheduling.k8s.io',
    cluster: true,
    columns: { value: integer('value'), global_default: boolean('globalDefault') },
  },
  csidrivers: { ...storage, columns: { attach_required: boolean('spec.attachRequired') } },
  csinodes: { ...storage, columns: { drivers: texts('spec.drivers[*].name') } },
  csistoragecapacities: {
    group: 'storage.k8s.io',
    columns: { storage_class: text('storageClassName'), capacity: text('capacity') },
  },
  storageclasses: {
    ...storage,
    columns: { provisioner: text('provisioner'), reclaim_policy: text('reclaimPolicy') },
  },
  volumeattachments: {
    ...storage,
    columns: { attacher: text('spec.attacher'), node: text('spec.nodeName'), attached: boolean('status.attached') },
  },
  volumeattributesclasses: { ...storage, columns: { driver: text('driverName') } },
};
