import { forbidden, StatusError } from '@kubephant/api';
import { amountsOf, podAmounts, sum } from '@kubephant/quota';
import type { Node, Pod } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, RequestInfo } from '@kubephant/serving';
import type { AdmissionDependencies, Objects } from './objects';
import { isCore, refuse } from './refuse';

const isResize = ({ group, resource, subresource }: RequestInfo): boolean =>
  group === '' && resource === 'pods' && subresource === 'resize';

/** A pod that runs grows only as far as its node goes, and only on Linux. */
export function podResizeValidator({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'PodResizeValidator',
    handles: (info, operation) => operation === 'UPDATE' && isResize(info),
    async validate(attributes) {
      const pod = changedPod(attributes);
      if (!pod) return;
      const node = await nodeOf(attributes, pod, objects);
      const os = node.metadata.labels?.['kubernetes.io/os'];
      if (os !== undefined && os !== 'linux') {
        const why = `pod resize is only supported on linux nodes, node ${JSON.stringify(node.metadata.name)} is "${os}"`;
        throw becauseOf(attributes, 'UnsupportedPlatform', why);
      }
      const missing = missingOn(pod, node);
      if (missing.length === 0) return;
      const why = `node didn't have enough allocatable resources: ${missing.join('; ')}`;
      throw becauseOf(attributes, 'NodeCapacity', why);
    },
  };
}

/** What updates of a pod may need of the kubelet: nodes say what they can do. */
const features: readonly { readonly name: string; readonly isNeeded: (pod: Pod, old: Pod) => boolean }[] = [
  {
    name: 'InPlacePodLevelResourcesVerticalScaling',
    isNeeded: ({ spec }, old) => !same(spec.resources, old.spec.resources),
  },
  {
    name: 'InPlacePodVerticalScalingInitContainers',
    isNeeded: ({ spec }, old) =>
      (old.spec.initContainers ?? []).some(
        ({ restartPolicy, resources }, index) =>
          restartPolicy !== 'Always' && !same(resources, spec.initContainers?.[index]?.resources),
      ),
  },
];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});

/** A pod that runs is changed only in ways that its node knows. */
export function nodeDeclaredFeatureValidator({ objects }: AdmissionDependencies): AdmissionPlugin {
  return {
    name: 'NodeDeclaredFeatureValidator',
    handles: (info, operation) => operation === 'UPDATE' && (isCore(info, 'pods') || isResize(info)),
    async validate(attributes) {
      const pod = changedPod(attributes);
      if (!pod) return;
      const needed = features.filter(({ isNeeded }) => isNeeded(pod, attributes.old as unknown as Pod));
      if (needed.length === 0) return;
      const { metadata, status } = await nodeOf(attributes, pod, objects);
      const unknown = needed.filter(({ name }) => !status?.declaredFeatures?.includes(name)).map(({ name }) => name);
      if (unknown.length === 0) return;
      const node = JSON.stringify(metadata.name);
      throw refuse(
        attributes,
        `pod update requires features ${unknown.join(', ')} which are not available on node ${node}`,
      );
    },
  };
}

/** A pod that has a node, and whose specification changes. */
function changedPod({ object, old }: Attributes): Pod | undefined {
  const pod = object as unknown as Pod;
  return pod.spec.nodeName && pod.metadata.generation !== old?.metadata.generation ? pod : undefined;
}

async function nodeOf(attributes: Attributes, { spec }: Pod, objects: Objects): Promise<Node> {
  const { nodeName = '' } = spec;
  const node = await objects.find<Node>('nodes', '', nodeName);
  if (!node) throw refuse(attributes, `node ${JSON.stringify(nodeName)} not found`);
  return node;
}

const units = [
  ['cpu', 'milliValue'],
  ['memory', 'value'],
] as const;

/** What the pod asks for beyond what its node has, as text. */
function missingOn({ spec }: Pod, { status }: Node): readonly string[] {
  const requested = sum(podAmounts(spec, 'requests'), amountsOf(spec.overhead));
  const allocatable = amountsOf(status?.allocatable);
  return units.flatMap(([name, unit]) => {
    const [asked, there] = [requested.get(name), allocatable.get(name)];
    if (!asked || asked.sign <= 0 || (there && asked.compare(there) <= 0)) return [];
    return [`${name}, requested: ${asked[unit]()}, allocatable: ${there?.[unit]() ?? 0n}`];
  });
}

function becauseOf({ info, object }: Attributes, reason: string, why: string): Error {
  const { status } = forbidden({ group: info.group, resource: info.resource }, object?.metadata.name ?? '', why);
  return StatusError.fromStatus({ ...status, details: { ...status.details, causes: [{ reason }] } });
}
