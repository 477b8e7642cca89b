import type { Node, Pod } from '@kubephant/schema';
import { add, amountsOf, podRequests, podRequestsNonZero, type Amounts } from './resources';

/** A node and the pods on it, with what they ask for in sum. Immutable: a change makes a new one. */
export interface NodeInfo {
  readonly name: string;
  readonly node: Node;
  readonly pods: ReadonlyMap<string, Pod>;
  /** Those of the pods that want other pods near or far: few, as a rule. */
  readonly podsWithAffinity: readonly Pod[];
  readonly allocatable: Amounts;
  readonly requested: Amounts;
  readonly requestedNonZero: Amounts;
  /** Host ports in use, as `protocol/ip/port`. */
  readonly hostPorts: ReadonlySet<string>;
}

export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

export function hostPortsOf(pod: Pod): readonly HostPort[] {
  const containers = [
    ...(pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always'),
    ...pod.spec.containers,
  ];
  return containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort ? [{ protocol: protocol ?? 'TCP', ip: hostIP ?? '0.0.0.0', port: hostPort }] : [],
    ),
  );
}

const portKey = ({ protocol, ip, port }: HostPort): string => `${protocol}/${ip}/${port}`;

/** Whether the port is taken: the wildcard address collides with every other. */
export function isPortTaken({ hostPorts }: NodeInfo, wanted: HostPort): boolean {
  if (wanted.ip !== '0.0.0.0')
    return hostPorts.has(portKey(wanted)) || hostPorts.has(portKey({ ...wanted, ip: '0.0.0.0' }));
  const ending = `/${wanted.port}`;
  return [...hostPorts].some((key) => key.startsWith(`${wanted.protocol}/`) && key.endsWith(ending));
}

export function newNodeInfo(node: Node, pods: Iterable<Pod> = []): NodeInfo {
  let info: NodeInfo = {
    name: node.metadata.name,
    node,
    pods: new Map(),
    podsWithAffinity: [],
    allocatable: amountsOf(node.status?.allocatable),
    requested: new Map(),
    requestedNonZero: new Map(),
    hostPorts: new Set(),
  };
  for (const pod of pods) info = withPod(info, pod);
  return info;
}

const hasAffinity = ({ spec: { affinity } }: Pod): boolean =>
  affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined;

export function withNode(info: NodeInfo, node: Node): NodeInfo {
  return { ...info, node, allocatable: amountsOf(node.status?.allocatable) };
}

export function withPod(info: NodeInfo, pod: Pod): NodeInfo {
  const without = info.pods.has(pod.metadata.uid) ? withoutPod(info, pod.metadata.uid) : info;
  return {
    ...without,
    pods: new Map(without.pods).set(pod.metadata.uid, pod),
    podsWithAffinity: hasAffinity(pod) ? [...without.podsWithAffinity, pod] : without.podsWithAffinity,
    requested: add(without.requested, podRequests(pod)),
    requestedNonZero: add(without.requestedNonZero, podRequestsNonZero(pod)),
    hostPorts: new Set([...without.hostPorts, ...hostPortsOf(pod).map(portKey)]),
  };
}

export function withoutPod(info: NodeInfo, uid: string): NodeInfo {
  const pod = info.pods.get(uid);
  if (!pod) return info;
  const pods = new Map(info.pods);
  pods.delete(uid);
  return {
    ...info,
    pods,
    podsWithAffinity: hasAffinity(pod)
      ? info.podsWithAffinity.filter(({ metadata }) => metadata.uid !== uid)
      : info.podsWithAffinity,
    requested: add(info.requested, podRequests(pod), -1),
    requestedNonZero: add(info.requestedNonZero, podRequestsNonZero(pod), -1),
    hostPorts: new Set([...pods.values()].flatMap((other) => hostPortsOf(other).map(portKey))),
  };
}
