import { duplicate, forbidden, invalid, onlyLabels, required, unsupported, type Edits } from './edit';

export const core: Readonly<Record<string, Edits>> = {
  'io.k8s.api.core.v1.ConfigMap': {
    change: ['/data/color = "red"'],
    invalid: [
      [invalid('data[a b]'), '/data/a b = "1"'],
      [invalid('data[color]'), '/binaryData = {"color":"AAA="}'],
    ],
    forbidden: [invalid('data[..]'), '/data/.. = "1"'],
  },
  'io.k8s.api.core.v1.Endpoints': {
    change: ['/subsets/0/addresses/0/ip = "10.1.0.5"'],
    invalid: [
      [invalid('subsets[0].addresses[0].ip'), '/subsets/0/addresses/0/ip = "10.1"'],
      [required('subsets[0].ports[1].name'), '/subsets/0/ports/1 = {"port":81}'],
    ],
    forbidden: [invalid('subsets[0].addresses[0].ip'), '/subsets/0/addresses/0/ip = "127.0.0.1"'],
  },
  'io.k8s.api.core.v1.Event': {
    change: ['/reason = "Stopped"', '/count = 2'],
    invalid: [[invalid('involvedObject.namespace'), '/involvedObject/namespace = "elsewhere"']],
    forbidden: [invalid('metadata.labels'), '/metadata/labels = {"a b":"1"}'],
  },
  'io.k8s.api.core.v1.LimitRange': {
    change: ['/spec/limits/0/max/cpu = "3"'],
    invalid: [
      [invalid('spec.limits[0].min[cpu]'), '/spec/limits/0/min = {"cpu":"5"}'],
      [duplicate('spec.limits[1].type'), '/spec/limits/1 = {"type":"Container"}'],
    ],
    forbidden: [invalid('spec.limits[0].min[cpu]'), '/spec/limits/0/min = {"cpu":"5"}'],
  },
  'io.k8s.api.core.v1.Namespace': {
    change: onlyLabels,
    invalid: [[invalid('metadata.name'), '/metadata/name = "a.b"']],
    forbidden: [invalid('metadata.labels'), '/metadata/labels = {"a b":"1"}'],
    status: ['/status/conditions = [{"type":"NamespaceFinalizersRemaining","status":"False"}]'],
  },
  'io.k8s.api.core.v1.Node': {
    change: ['/spec/unschedulable = true'],
    invalid: [
      [invalid('spec.podCIDRs[0]'), '/spec/podCIDR = "10.1"'],
      [unsupported('metadata.taints[0].effect'), '/spec/taints = [{"key":"a","effect":"Never"}]'],
    ],
    forbidden: [forbidden('spec.podCIDRs'), '/spec/podCIDR = "10.8.0.0/24"', '/spec/podCIDRs = ["10.8.0.0/24"]'],
    status: ['/status/nodeInfo/kernelVersion = "6.12"'],
  },
  'io.k8s.api.core.v1.PersistentVolume': {
    change: ['/spec/capacity/storage = "2Gi"'],
    invalid: [
      [required('spec.accessModes'), '/spec/accessModes = []'],
      [required('spec'), '- /spec/hostPath'],
    ],
    forbidden: [invalid('volumeMode'), '/spec/volumeMode = "Block"'],
    status: ['/status/message = "gone"'],
  },
  'io.k8s.api.core.v1.PersistentVolumeClaim': {
    change: ['/spec/volumeName = "disk"'],
    invalid: [
      [unsupported('spec.accessModes'), '/spec/accessModes = ["Always"]'],
      [required('spec.resources[storage]'), '- /spec/resources'],
    ],
    forbidden: [forbidden('spec'), '/spec/accessModes = ["ReadOnlyMany"]'],
    status: ['/status/capacity = {"storage":"1Gi"}'],
  },
  'io.k8s.api.core.v1.Pod': {
    change: ['/spec/containers/0/image = "nginx:1.28"'],
    invalid: [
      [required('spec.containers'), '/spec/containers = []'],
      [required('spec.containers[0].image'), '- /spec/containers/0/image'],
      [invalid('spec.containers[0].ports[0].containerPort'), '/spec/containers/0/ports/0/containerPort = 70000'],
      [unsupported('spec.restartPolicy'), '/spec/restartPolicy = "Sometimes"'],
    ],
    forbidden: [forbidden('spec'), '/spec/hostname = "other"'],
    status: ['/status/message = "hello"'],
  },
  'io.k8s.api.core.v1.PodTemplate': {
    change: ['/template/spec/containers/0/image = "nginx:1.28"'],
    invalid: [[required('template.spec.containers'), '/template/spec/containers = []']],
    forbidden: [unsupported('template.spec.dnsPolicy'), '/template/spec/dnsPolicy = "Maybe"'],
  },
  'io.k8s.api.core.v1.ReplicationController': {
    change: ['/spec/replicas = 3'],
    invalid: [
      [invalid('spec.replicas'), '/spec/replicas = -1'],
      [invalid('spec.template.metadata.labels'), '/spec/selector = {"a":"b"}'],
    ],
    forbidden: [invalid('spec.template.metadata.labels'), '/spec/template/metadata/labels = {"app":"other"}'],
    status: ['/status/replicas = 1'],
  },
  'io.k8s.api.core.v1.ResourceQuota': {
    change: ['/spec/hard/pods = "11"'],
    invalid: [
      [invalid('spec.hard[pods]'), '/spec/hard/pods = "-1"'],
      [invalid('spec.scopes'), '/spec/scopes = ["Terminating","NotTerminating"]'],
    ],
    forbidden: [invalid('spec.scopes'), '/spec/scopes = ["Terminating"]'],
    status: ['/status/hard = {"pods":"10"}'],
  },
  'io.k8s.api.core.v1.Secret': {
    change: ['/data = {"password":"b3RoZXI="}', '- /stringData'],
    invalid: [
      [invalid('data[a b]'), '/stringData/a b = "1"'],
      [required('data[.dockerconfigjson]'), '/type = "kubernetes.io/dockerconfigjson"'],
    ],
    forbidden: [invalid('type'), '/type = "other"'],
  },
  'io.k8s.api.core.v1.Service': {
    change: ['/spec/ports/0/targetPort = 8080'],
    invalid: [
      [invalid('spec.ports[0].port'), '/spec/ports/0/port = 0'],
      [unsupported('spec.type'), '/spec/type = "Public"'],
      [invalid('metadata.name'), '/metadata/name = "a.b"'],
    ],
    forbidden: [invalid('spec.clusterIPs[0]'), '/spec/clusterIP = "None"', '/spec/clusterIPs = ["None"]'],
    status: [
      '/status/conditions = [{"type":"Fine","status":"True","reason":"Ok","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]',
    ],
  },
  'io.k8s.api.core.v1.ServiceAccount': {
    change: ['/automountServiceAccountToken = false'],
    invalid: [[invalid('metadata.name'), '/metadata/name = "A"']],
    forbidden: [invalid('metadata.annotations'), '/metadata/annotations = {"a b":"1"}'],
  },
};
