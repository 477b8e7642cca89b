import { notFound } from '@kubephant/api';
import type { Pod, Service, Toleration } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import type { AdmissionDependencies } from '../objects';
import { isCore, refuse } from '../refuse';

/** Lets everything through. */
export const alwaysAdmit: AdmissionPlugin = { name: 'AlwaysAdmit', handles: () => false };

/** Lets nothing through. */
export const alwaysDeny: AdmissionPlugin = {
  name: 'AlwaysDeny',
  handles: () => true,
  async admit(attributes) {
    throw refuse(attributes, 'admission control is denying all modifications');
  },
};

/** Nothing is written into a namespace that is not there. */
export const namespaceExists = ({ objects }: AdmissionDependencies): AdmissionPlugin => ({
  name: 'NamespaceExists',
  handles: ({ group, resource, namespace }, operation) =>
    operation !== 'CONNECT' && !!namespace && !(group === '' && resource === 'namespaces'),
  async validate({ info: { namespace = '' } }) {
    if (!(await objects.find('namespaces', '', namespace)))
      throw notFound({ group: '', resource: 'namespaces' }, namespace);
  },
});

const hostname = 'kubernetes.io/hostname';

/** Pods keep away from others on the same node, and not from a larger part of the cluster. */
export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: 'LimitPodHardAntiAffinityTopology',
  handles: (info, operation) => isCore(info, 'pods') && (operation === 'CREATE' || operation === 'UPDATE'),
  async validate(attributes) {
    const { spec } = attributes.object as unknown as Pod;
    const terms = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const other = terms.find(({ topologyKey }) => topologyKey !== hostname);
    if (!other) return;
    const rule = 'affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey';
    throw refuse(attributes, `${rule} ${other.topologyKey} but only key ${hostname} is allowed`);
  },
};

/** No service takes traffic for addresses of others; what a service has, it keeps. */
export const denyServiceExternalIPs: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  handles: (info, operation) => isCore(info, 'services') && (operation === 'CREATE' || operation === 'UPDATE'),
  async validate(attributes) {
    const { spec } = attributes.object as unknown as Service;
    const before = new Set((attributes.old as unknown as Service | undefined)?.spec.externalIPs);
    const isKept = (spec.externalIPs ?? []).every((ip) => before.has(ip));
    if (!isKept) throw refuse(attributes, 'Use of external IPs is denied by admission control');
  },
};

/** Names of resources that are not Kubernetes' own (upstream: IsExtendedResourceName). */
const isExtended = (name: string): boolean =>
  name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');

/** Pods that ask for what only some nodes have tolerate the taints that keep all others away from them. */
export const extendedResourceToleration: AdmissionPlugin = {
  name: 'ExtendedResourceToleration',
  handles: (info, operation) => isCore(info, 'pods') && (operation === 'CREATE' || operation === 'UPDATE'),
  async admit({ object }) {
    const { spec } = object as unknown as Pod;
    const names = [...spec.containers, ...(spec.initContainers ?? [])]
      .flatMap(({ resources }) => Object.keys(resources?.requests ?? {}))
      .filter(isExtended);
    const given = spec.tolerations ?? [];
    const missing = [...new Set(names)].sort().filter((key) => !given.some((one) => tolerates(one, key)));
    if (missing.length === 0) return;
    const added = missing.map((key): Toleration => ({ key, operator: 'Exists', effect: 'NoSchedule' }));
    spec.tolerations = [...given, ...added];
  },
};

const tolerates = ({ key, operator, effect }: Toleration, wanted: string): boolean =>
  key === wanted && operator === 'Exists' && effect === 'NoSchedule';
