import { Quantity, timestamp } from '@kubephant/api';
import { version } from '@kubephant/base';
import type { FilesystemInfo, Image, MachineInfo, RuntimeCondition, RuntimeVersion } from '@kubephant/node';
import type { Node, NodeAddress, NodeCondition, NodeStatus } from '@kubephant/schema';

/** What a node says of itself, gathered from its parts. */
export interface NodeFacts {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly hostname: string;
  readonly machine: MachineInfo;
  readonly filesystem: FilesystemInfo;
  readonly runtimeVersion: RuntimeVersion;
  readonly runtimeConditions: readonly RuntimeCondition[];
  readonly images: readonly Image[];
  readonly maxPods: number;
  readonly port: number;
  readonly memoryAvailableBytes: number;
  readonly pids: { readonly used: number; readonly max: number };
  /** Problems of the kubelet itself; none: it is well. */
  readonly problems: readonly string[];
  readonly nowMs: number;
}

const maxImages = 50;
const maxNamesPerImage = 5;
/** Below these a node is under pressure, as upstream's eviction thresholds have it. */
const pressure = { memoryBytes: 100 * 2 ** 20, diskShare: 0.1, inodeShare: 0.05 };

export function nodeStatus(facts: NodeFacts, before: NodeStatus | undefined): NodeStatus {
  const capacity = nodeCapacity(facts);
  return {
    capacity,
    allocatable: allocatableOf(capacity),
    addresses: nodeAddresses(facts),
    daemonEndpoints: { kubeletEndpoint: { Port: facts.port } },
    nodeInfo: nodeInfo(facts),
    images: nodeImages(facts.images),
    conditions: nodeConditions(facts, before?.conditions ?? []),
  };
}

function nodeCapacity({ machine, filesystem, maxPods }: NodeFacts): Record<string, string> {
  return {
    cpu: String(machine.cpus),
    memory: `${Math.floor(machine.memoryBytes / 1024)}Ki`,
    'ephemeral-storage': `${Math.floor(filesystem.capacityBytes / 1024)}Ki`,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    pods: String(maxPods),
  };
}

/** Capacity without what is kept back so that the node itself never starves: the eviction thresholds. */
function allocatableOf(capacity: Record<string, string>): Record<string, string> {
  const bytes = (name: string): number => Number(Quantity.parse(capacity[name] ?? '0').value());
  return {
    ...capacity,
    memory: `${Math.floor((bytes('memory') - pressure.memoryBytes) / 1024)}Ki`,
    'ephemeral-storage': String(Math.floor(bytes('ephemeral-storage') * (1 - pressure.diskShare))),
  };
}

function nodeAddresses({ addresses, hostname }: NodeFacts): NodeAddress[] {
  return [...addresses.map((address) => ({ type: 'InternalIP', address })), { type: 'Hostname', address: hostname }];
}

function nodeInfo({ machine, runtimeVersion }: NodeFacts): NonNullable<NodeStatus['nodeInfo']> {
  return {
    machineID: machine.machineId,
    systemUUID: machine.systemUuid,
    bootID: machine.bootId,
    kernelVersion: machine.kernelVersion,
    osImage: machine.osImage,
    containerRuntimeVersion: `${runtimeVersion.runtimeName}://${runtimeVersion.runtimeVersion}`,
    kubeletVersion: version.gitVersion,
    kubeProxyVersion: '',
    operatingSystem: machine.operatingSystem,
    architecture: machine.architecture,
    swap: { capacity: machine.swapBytes },
  };
}

function nodeImages(images: readonly Image[]): NonNullable<NodeStatus['images']> {
  return [...images]
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, maxImages)
    .map(({ repoDigests, repoTags, sizeBytes }) => ({
      names: [...repoDigests, ...repoTags].slice(0, maxNamesPerImage),
      sizeBytes,
    }));
}

interface Finding {
  readonly type: string;
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

function nodeConditions(facts: NodeFacts, before: readonly NodeCondition[]): NodeCondition[] {
  const { filesystem, memoryAvailableBytes, pids } = facts;
  const disk =
    filesystem.availableBytes < filesystem.capacityBytes * pressure.diskShare ||
    (filesystem.inodes > 0 && filesystem.inodesFree < filesystem.inodes * pressure.inodeShare);
  const found = [
    finding(
      'MemoryPressure',
      memoryAvailableBytes < pressure.memoryBytes,
      ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
      ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ),
    finding(
      'DiskPressure',
      disk,
      ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
      ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ),
    finding(
      'PIDPressure',
      pids.used > pids.max * 0.9,
      ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
      ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ),
    readiness(facts),
  ];
  const now = timestamp(facts.nowMs);
  const own = found.map((one) =>
    conditionOf(
      one,
      before.find(({ type }) => type === one.type),
      now,
    ),
  );
  return [...before.filter(({ type }) => !found.some((one) => one.type === type)), ...own];
}

type Words = readonly [reason: string, message: string];

function finding(type: string, status: boolean, ...[bad, good]: readonly [Words, Words]): Finding {
  const [reason, message] = status ? bad : good;
  return { type, status, reason, message };
}

function readiness({ runtimeConditions, problems }: NodeFacts): Finding {
  const required = ['RuntimeReady', 'NetworkReady'];
  const missing = required.flatMap((type) => {
    const found = runtimeConditions.find((condition) => condition.type === type);
    if (found?.status) return [];
    const what = type === 'NetworkReady' ? 'container runtime network not ready' : 'container runtime is not ready';
    return [`${what}: ${type}=false reason:${found?.reason ?? ''} message:${found?.message ?? ''}`];
  });
  const all = [...problems, ...missing];
  if (all.length === 0)
    return { type: 'Ready', status: true, reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  const message = all.length === 1 ? all.join('') : `[${all.join(', ')}]`;
  return { type: 'Ready', status: false, reason: 'KubeletNotReady', message };
}

function conditionOf(
  { type, status, reason, message }: Finding,
  before: NodeCondition | undefined,
  now: string,
): NodeCondition {
  const text = status ? 'True' : 'False';
  const since = before?.status === text ? (before.lastTransitionTime ?? now) : now;
  return { type, status: text, lastHeartbeatTime: now, lastTransitionTime: since, reason, message };
}

/** The labels every node has beside those it was given. */
export function nodeLabels(
  facts: Pick<NodeFacts, 'name' | 'hostname' | 'machine'>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const { operatingSystem, architecture } = facts.machine;
  return {
    'beta.kubernetes.io/arch': architecture,
    'beta.kubernetes.io/os': operatingSystem,
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': facts.hostname,
    'kubernetes.io/os': operatingSystem,
    ...given,
  };
}

/** Whether a status says more than that time has passed. */
export function saysMore(before: Node['status'], after: NodeStatus): boolean {
  const withoutTimes = (status: NodeStatus | undefined): unknown => [
    status?.capacity,
    status?.allocatable,
    status?.addresses,
    status?.nodeInfo,
    status?.images,
    status?.conditions?.map(({ type, status: value, reason, message }) => [type, value, reason, message]).sort(),
  ];
  return JSON.stringify(withoutTimes(before)) !== JSON.stringify(withoutTimes(after));
}
