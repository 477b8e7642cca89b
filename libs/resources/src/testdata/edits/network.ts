import { forbidden, invalid, onlyLabels, required, unsupported, type Edits } from './edit';

export const network: Readonly<Record<string, Edits>> = {
  'io.k8s.api.networking.v1.IngressClass': {
    change: onlyLabels,
    invalid: [
      [required('spec.controller'), '/spec/controller = ""'],
      [required('spec.parameters.kind'), '/spec/parameters = {"name":"a","scope":"Cluster"}'],
    ],
    forbidden: [invalid('spec.controller'), '/spec/controller = "example.com/other"'],
  },
  'io.k8s.api.networking.v1.Ingress': {
    change: ['/spec/defaultBackend/service/port/number = 81'],
    invalid: [
      [invalid('spec'), '/spec = {}'],
      [invalid('spec.defaultBackend.service.port.number'), '/spec/defaultBackend/service/port/number = 70000'],
    ],
    forbidden: [invalid('spec.ingressClassName'), '/spec/ingressClassName = "Bad_"'],
    status: ['/status/loadBalancer = {"ingress":[{"ip":"192.0.2.7"}]}'],
  },
  'io.k8s.api.networking.v1.IPAddress': {
    nameFollows: true,
    change: onlyLabels,
    invalid: [
      [required('spec.parentRef'), '- /spec/parentRef'],
      [invalid('metadata.name'), '/metadata/name = "ten"'],
    ],
    forbidden: [invalid('spec.parentRef'), '/spec/parentRef/name = "other"'],
  },
  'io.k8s.api.networking.v1.NetworkPolicy': {
    change: ['/spec/podSelector/matchLabels = {"app":"web"}'],
    invalid: [
      [invalid('spec.ingress[0].ports[0].port'), '/spec/ingress = [{"ports":[{"port":0}]}]'],
      [unsupported('spec.policyTypes[0]'), '/spec/policyTypes = ["Sideways"]'],
    ],
    forbidden: [invalid('spec.egress[0].to[0].ipBlock.cidr'), '/spec/egress = [{"to":[{"ipBlock":{"cidr":"ten"}}]}]'],
  },
  'io.k8s.api.networking.v1.ServiceCIDR': {
    change: onlyLabels,
    invalid: [
      [invalid('spec.cidrs[0]'), '/spec/cidrs = ["ten"]'],
      [required('spec.cidrs'), '/spec/cidrs = []'],
    ],
    forbidden: [invalid('spec.cidrs[0]'), '/spec/cidrs = ["10.8.0.0/24"]'],
    status: [
      '/status/conditions = [{"type":"Ready","status":"True","reason":"Fine","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]',
    ],
  },
  'io.k8s.api.node.v1.RuntimeClass': {
    change: ['/overhead = {"podFixed":{"cpu":"100m"}}'],
    invalid: [
      [required('handler'), '/handler = ""'],
      [invalid('handler'), '/handler = "Bad_"'],
    ],
    forbidden: [invalid('handler'), '/handler = "other"'],
  },
};

export const storage: Readonly<Record<string, Edits>> = {
  'io.k8s.api.storage.v1.StorageClass': {
    change: ['/allowVolumeExpansion = true'],
    invalid: [
      [required('provisioner'), '/provisioner = ""'],
      [unsupported('reclaimPolicy'), '/reclaimPolicy = "Burn"'],
    ],
    forbidden: [invalid('provisioner'), '/provisioner = "example.com/other"'],
  },
  'io.k8s.api.storage.v1.CSIDriver': {
    change: ['/spec/requiresRepublish = true'],
    invalid: [
      [unsupported('spec.volumeLifecycleModes'), '/spec/volumeLifecycleModes = ["Forever"]'],
      [
        invalid('spec.tokenRequests[0].expirationSeconds'),
        '/spec/tokenRequests = [{"audience":"a","expirationSeconds":5}]',
      ],
    ],
    forbidden: [invalid('spec.attachedRequired'), '/spec/attachRequired = false'],
  },
  'io.k8s.api.storage.v1.CSINode': {
    change: onlyLabels,
    invalid: [
      [required('spec.drivers[0].nodeID'), '/spec/drivers/0/nodeID = ""'],
      [required('spec.drivers[0].name'), '/spec/drivers/0/name = ""'],
    ],
    forbidden: [invalid('spec.drivers'), '/spec/drivers/0/nodeID = "b"'],
  },
  'io.k8s.api.storage.v1.CSIStorageCapacity': {
    change: ['/capacity = "6Gi"'],
    invalid: [
      [invalid('capacity'), '/capacity = "-1"'],
      [invalid('storageClassName'), '/storageClassName = "Bad_"'],
    ],
    forbidden: [invalid('storageClassName'), '/storageClassName = "slow"'],
  },
  'io.k8s.api.storage.v1.VolumeAttachment': {
    change: onlyLabels,
    invalid: [
      [required('spec.attacher'), '/spec/attacher = ""'],
      [invalid('spec.nodeName'), '/spec/nodeName = ""'],
    ],
    forbidden: [invalid('spec'), '/spec/nodeName = "node-2"'],
    status: ['/status/attached = true'],
  },
  'io.k8s.api.storage.v1.VolumeAttributesClass': {
    change: onlyLabels,
    invalid: [
      [required('driverName'), '/driverName = ""'],
      [required('parameters'), '/parameters = {}'],
    ],
    forbidden: [forbidden('driverName'), '/driverName = "other.example.com"'],
  },
};

export const devices: Readonly<Record<string, Edits>> = {
  'io.k8s.api.resource.v1.DeviceClass': {
    change: ['/spec/extendedResourceName = "example.com/gpu"'],
    invalid: [
      [required('spec.selectors[0].cel'), '/spec/selectors = [{}]'],
      [required('spec.config[0].opaque'), '/spec/config = [{}]'],
    ],
    forbidden: [required('spec.selectors[0].cel'), '/spec/selectors = [{}]'],
  },
  'io.k8s.api.resource.v1.ResourceClaim': {
    change: onlyLabels,
    invalid: [
      [
        required('spec.devices.requests[0].exactly.deviceClassName'),
        '/spec/devices/requests/0/exactly/deviceClassName = ""',
      ],
      [invalid('spec.devices.requests[0].name'), '/spec/devices/requests/0/name = ""'],
    ],
    forbidden: [invalid('spec'), '/spec/devices/requests/0/exactly/deviceClassName = "other"'],
    status: [
      '/status/reservedFor = [{"resource":"pods","name":"web","uid":"1"}]',
      '/status/allocation = {"devices":{}}',
    ],
  },
  'io.k8s.api.resource.v1.ResourceClaimTemplate': {
    change: onlyLabels,
    invalid: [[invalid('spec.spec.devices.requests[0].name'), '/spec/spec/devices/requests/0/name = ""']],
    forbidden: [invalid('spec'), '/spec/spec/devices/requests/0/exactly/deviceClassName = "other"'],
  },
  'io.k8s.api.resource.v1.ResourceSlice': {
    change: ['/spec/devices/0/attributes/model/string = "y"'],
    invalid: [
      [required('spec.driver'), '/spec/driver = ""'],
      [invalid('spec.pool.resourceSliceCount'), '/spec/pool/resourceSliceCount = 0'],
    ],
    forbidden: [invalid('spec.driver'), '/spec/driver = "other.example.com"'],
  },
};
