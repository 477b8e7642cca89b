import { base64, ed25519Request } from './pem';

type Json = Record<string, unknown>;

const podSpec = { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] };
const template = { metadata: { labels: { app: 'web' } }, spec: podSpec };
const jobSpec = { template: { spec: { ...podSpec, restartPolicy: 'Never' } } };
const selector = { matchLabels: { app: 'web' } };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const named = (name: string, rest: Json = {}): Json => ({ metadata: { name }, ...rest });
const roleRef = { kind: 'ClusterRole', name: 'view' };
const subjects = [{ kind: 'User', name: 'ada' }];
const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

const matched = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] };
const matchConstraints = { resourceRules: [matched] };
const webhooks = [
  {
    name: 'audit.example.com',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: { url: 'https://hooks.example.com/audit' },
    rules: [matched],
  },
];

const claim = { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpus.example.com' } }] } };

/** One object of every kind, by the name of its schema: enough to be accepted. */
export const examples: Readonly<Record<string, Json>> = {
  'io.k8s.api.core.v1.ConfigMap': named('settings', { data: { color: 'blue' } }),
  'io.k8s.api.core.v1.Endpoints': named('web', {
    subsets: [{ addresses: [{ ip: '10.1.0.4' }], ports: [{ port: 80 }] }],
  }),
  'io.k8s.api.core.v1.Event': named('web.1', {
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web' },
    reason: 'Started',
    type: 'Normal',
  }),
  'io.k8s.api.core.v1.LimitRange': named('sizes', { spec: { limits: [{ type: 'Container', max: { cpu: '2' } }] } }),
  'io.k8s.api.core.v1.Namespace': named('team'),
  'io.k8s.api.core.v1.Node': named('node-1', { spec: { podCIDR: '10.1.0.0/24' }, status: { capacity: { cpu: '4' } } }),
  'io.k8s.api.core.v1.PersistentVolume': named('disk', {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } },
  }),
  'io.k8s.api.core.v1.PersistentVolumeClaim': named('data', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  'io.k8s.api.core.v1.Pod': named('web', { spec: podSpec }),
  'io.k8s.api.core.v1.PodTemplate': named('web', { template }),
  'io.k8s.api.core.v1.ReplicationController': named('web', { spec: { template } }),
  'io.k8s.api.core.v1.ResourceQuota': named('team', { spec: { hard: { pods: '10' }, scopes: ['NotTerminating'] } }),
  'io.k8s.api.core.v1.Secret': named('password', { stringData: { password: 'secret' } }),
  'io.k8s.api.core.v1.Service': named('web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }),
  'io.k8s.api.core.v1.ServiceAccount': named('builder'),
  'io.k8s.api.apps.v1.ControllerRevision': named('web-1', { revision: 1, data: { spec: {} } }),
  'io.k8s.api.apps.v1.DaemonSet': named('agent', { spec: { selector, template } }),
  'io.k8s.api.apps.v1.Deployment': named('web', { spec: { selector, template } }),
  'io.k8s.api.apps.v1.ReplicaSet': named('web', { spec: { selector, template } }),
  'io.k8s.api.apps.v1.StatefulSet': named('db', {
    spec: {
      serviceName: 'db',
      selector,
      template,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  }),
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler': named('web', {
    spec: { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
  }),
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler': named('web', { spec: { scaleTargetRef, maxReplicas: 3 } }),
  'io.k8s.api.batch.v1.CronJob': named('backup', { spec: { schedule: '0 3 * * *', jobTemplate: { spec: jobSpec } } }),
  'io.k8s.api.batch.v1.Job': named('migrate', { spec: jobSpec }),
  'io.k8s.api.coordination.v1.Lease': named('leader', { spec: { holderIdentity: 'a', leaseDurationSeconds: 15 } }),
  'io.k8s.api.discovery.v1.EndpointSlice': named('web-1', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.0.4'] }],
    ports: [{ port: 80 }],
  }),
  'io.k8s.api.events.v1.Event': named('web.2', {
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', namespace: 'default', name: 'web' },
    reportingController: 'example.com/scaler',
    reportingInstance: 'scaler-0',
    action: 'Scale',
    reason: 'Scaled',
    type: 'Normal',
  }),
  'io.k8s.api.policy.v1.PodDisruptionBudget': named('web', { spec: { minAvailable: 1, selector } }),
  'io.k8s.api.rbac.v1.ClusterRole': named('reader', { rules }),
  'io.k8s.api.rbac.v1.ClusterRoleBinding': named('readers', { roleRef, subjects }),
  'io.k8s.api.rbac.v1.Role': named('reader', { rules }),
  'io.k8s.api.rbac.v1.RoleBinding': named('readers', { roleRef, subjects }),
  'io.k8s.api.storage.v1.StorageClass': named('fast', { provisioner: 'example.com/disks' }),
  'io.k8s.api.scheduling.v1.PriorityClass': named('high', { value: 1000 }),
  'io.k8s.api.networking.v1.IngressClass': named('nginx', { spec: { controller: 'example.com/nginx' } }),
  'io.k8s.api.networking.v1.Ingress': named('web', {
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  }),
  'io.k8s.api.networking.v1.IPAddress': named('10.0.0.7', {
    spec: { parentRef: { resource: 'services', name: 'web' } },
  }),
  'io.k8s.api.networking.v1.NetworkPolicy': named('nobody', { spec: { podSelector: {} } }),
  'io.k8s.api.networking.v1.ServiceCIDR': named('more', { spec: { cidrs: ['10.7.0.0/24'] } }),
  'io.k8s.api.node.v1.RuntimeClass': named('sandboxed', { handler: 'runsc' }),
  'io.k8s.api.storage.v1.CSIDriver': named('disks.example.com'),
  'io.k8s.api.storage.v1.CSINode': named('node-1', {
    spec: { drivers: [{ name: 'disks.example.com', nodeID: 'a', topologyKeys: ['example.com/rack'] }] },
  }),
  'io.k8s.api.storage.v1.CSIStorageCapacity': named('rack-1', { storageClassName: 'fast', capacity: '5Gi' }),
  'io.k8s.api.storage.v1.VolumeAttachment': named('disk-on-node-1', {
    spec: { attacher: 'disks.example.com', nodeName: 'node-1', source: { persistentVolumeName: 'disk' } },
  }),
  'io.k8s.api.storage.v1.VolumeAttributesClass': named('silver', {
    driverName: 'disks.example.com',
    parameters: { iops: '1000' },
  }),
  'io.k8s.api.certificates.v1.CertificateSigningRequest': named('ada', {
    spec: { request: base64(ed25519Request), signerName: 'example.com/signer', usages: ['client auth'] },
  }),
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition': named('widgets.example.com', {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService': named('v1.example.com', {
    spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 },
  }),
  'io.k8s.api.flowcontrol.v1.FlowSchema': named('builders', { spec: { priorityLevelConfiguration: { name: 'low' } } }),
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration': named('low', {
    spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
  }),
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy': named('label', {
    spec: {
      matchConstraints,
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      reinvocationPolicy: 'Never',
    },
  }),
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding': named('label', {
    spec: { policyName: 'label' },
  }),
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration': named('audit', { webhooks }),
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy': named('few', {
    spec: { matchConstraints, validations: [{ expression: 'object.spec.replicas < 7' }] },
  }),
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding': named('few', {
    spec: { policyName: 'few', validationActions: ['Deny'] },
  }),
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration': named('audit', { webhooks }),
  'io.k8s.api.resource.v1.DeviceClass': named('gpus.example.com', {
    spec: { selectors: [{ cel: { expression: "device.driver == 'gpus.example.com'" } }] },
  }),
  'io.k8s.api.resource.v1.ResourceClaim': named('gpu', { spec: claim }),
  'io.k8s.api.resource.v1.ResourceClaimTemplate': named('gpu', { spec: { spec: claim } }),
  'io.k8s.api.resource.v1.ResourceSlice': named('node-1-gpus', {
    spec: {
      driver: 'gpus.example.com',
      nodeName: 'node-1',
      pool: { name: 'node-1', generation: 1, resourceSliceCount: 1 },
      devices: [{ name: 'gpu-0', attributes: { model: { string: 'x' } }, capacity: { memory: { value: '80Gi' } } }],
    },
  }),
};
