import { Quantity } from '@kubephant/api';
import type { LinuxResources } from '@kubephant/node';
import type { Container, EphemeralContainer, Pod } from '@kubephant/schema';
import { isSidecar } from './containers';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const cpuPeriodUs = 100_000;
const minShares = 2;
const maxShares = 262_144;
const minQuotaUs = 1000;

type Resources = Readonly<Record<string, string>> | undefined;
const amount = (resources: Resources, name: string): Quantity =>
  resources?.[name] === undefined ? Quantity.zero : Quantity.parse(resources[name]);

/**
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/: Guaranteed when every container limits cpu and memory
 * and asks for just that, BestEffort when none asks for or limits either, else Burstable.
 */
export function qosClass(pod: Pod): QosClass {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const names = ['cpu', 'memory'];
  const set = (resources: Resources, name: string): boolean => amount(resources, name).sign > 0;
  const asks = ({ resources }: Container): boolean =>
    names.some((name) => set(resources?.requests, name) || set(resources?.limits, name));
  if (!all.some(asks)) return 'BestEffort';
  const guaranteed = all.every(({ resources }) =>
    names.every((name) => {
      const limit = amount(resources?.limits, name);
      const request = resources?.requests?.[name] === undefined ? limit : amount(resources.requests, name);
      return limit.sign > 0 && limit.equals(request);
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** What a container asks for; a limit without a request is a request too. */
export function requested(spec: Container | EphemeralContainer, name: string): Quantity {
  const { requests, limits } = spec.resources ?? {};
  return requests?.[name] === undefined ? amount(limits, name) : amount(requests, name);
}

/** What the whole pod asks for: the larger of its containers together and of any init phase, plus its overhead. */
export function podRequest(pod: Pod, name: string): Quantity {
  const larger = (a: Quantity, b: Quantity): Quantity => (a.compare(b) >= 0 ? a : b);
  const running = pod.spec.containers.reduce((sum, spec) => sum.add(requested(spec, name)), Quantity.zero);
  let sidecars = Quantity.zero;
  let phase = Quantity.zero;
  for (const spec of pod.spec.initContainers ?? []) {
    const asked = requested(spec, name);
    if (isSidecar(spec)) sidecars = sidecars.add(asked);
    phase = larger(phase, isSidecar(spec) ? sidecars : sidecars.add(asked));
  }
  return larger(running.add(sidecars), phase).add(amount(pod.spec.overhead, name));
}

/** 1024 shares a core, within the kernel's bounds. */
export function cpuShares(milliCpu: number): number {
  return Math.min(maxShares, Math.max(minShares, Math.floor((milliCpu * 1024) / 1000)));
}

export function cpuQuota(milliCpu: number): number {
  return Math.max(minQuotaUs, Math.floor((milliCpu * cpuPeriodUs) / 1000));
}

/** What the kernel is told about one container; the memory of the node decides its place in the queue for the OOM killer. */
export function containerResources(
  pod: Pod,
  spec: Container | EphemeralContainer,
  nodeMemoryBytes: number,
): LinuxResources {
  const limits = spec.resources?.limits;
  const cpuLimit = Number(amount(limits, 'cpu').milliValue());
  const memoryLimit = Number(amount(limits, 'memory').value());
  return {
    cpuShares: cpuShares(Number(requested(spec, 'cpu').milliValue())),
    oomScoreAdj: oomScoreAdj(pod, spec, nodeMemoryBytes),
    ...(cpuLimit > 0 && { cpuPeriod: cpuPeriodUs, cpuQuota: cpuQuota(cpuLimit) }),
    ...(memoryLimit > 0 && { memoryLimitInBytes: memoryLimit }),
  };
}

/** Limits of the pod's own control group; a container without a limit leaves the pod without one too. */
export function podCgroupLimits(
  pod: Pod,
): Pick<LinuxResources, 'cpuShares' | 'cpuQuota' | 'cpuPeriod' | 'memoryLimitInBytes'> {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
  const sum = (name: string): Quantity =>
    all.reduce((total, { resources }) => total.add(amount(resources?.limits, name)), Quantity.zero);
  const limited = (name: string): boolean => all.every(({ resources }) => amount(resources?.limits, name).sign > 0);
  return {
    cpuShares: cpuShares(Number(podRequest(pod, 'cpu').milliValue())),
    ...(limited('cpu') && { cpuPeriod: cpuPeriodUs, cpuQuota: cpuQuota(Number(sum('cpu').milliValue())) }),
    ...(limited('memory') && { memoryLimitInBytes: Number(sum('memory').value()) }),
  };
}

/** -997 to 1000: the more of its node's memory a burstable container asked for, the later it is killed. */
export function oomScoreAdj(pod: Pod, spec: Container | EphemeralContainer, nodeMemoryBytes: number): number {
  const qos = qosClass(pod);
  if (qos === 'Guaranteed' || (pod.spec.priority ?? 0) >= systemCriticalPriority) return -997;
  if (qos === 'BestEffort') return 1000;
  const share = Math.floor((1000 * Number(requested(spec, 'memory').value())) / nodeMemoryBytes);
  const score = 1000 - share;
  if (score < 3) return 3;
  return score === 1000 ? 999 : score;
}

const systemCriticalPriority = 2_000_000_000;

/** The pod's place among the control groups below `root`. */
export function podCgroup(root: string, pod: Pod): string {
  const folder = { Guaranteed: '', Burstable: '/burstable', BestEffort: '/besteffort' }[qosClass(pod)];
  return `${root}/kubepods${folder}/pod${pod.metadata.uid}`;
}
