import { timestamp } from '@kubephant/api';
import type { ContainerStatus, Pod, PodStatus } from '@kubephant/schema';
import { containersOf, isSidecar, type PodContainer } from '../pods/containers';
import { qosClass } from '../pods/resources';
import { latestOf, readySandbox, type PodRuntime } from '../runtime/pod-runtime';
import { podConditions } from './conditions';
import { containerStatus, statusBefore, type ContainerFacts } from './container-status';
import { podPhase, type PodPhase } from './phase';

export interface StatusInput {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly facts: Omit<ContainerFacts, 'defaultReason' | 'due'>;
  readonly hostIPs: readonly string[];
  readonly startTimeMs: number;
  readonly nowMs: number;
  /** The kubelet itself ends the pod: it was not admitted, ran too long, was evicted. */
  readonly verdict?: { readonly phase: 'Failed'; readonly reason: string; readonly message: string } | undefined;
}

/** The whole status of a pod, from what the runtime has and what was said before: nothing else goes in. */
export function podStatus(input: StatusInput): PodStatus {
  const { pod, runtime, verdict, nowMs } = input;
  const { init, regular, ephemeral } = containerStatuses(input);
  const phase = verdict?.phase ?? settledPhase(pod, podPhase(pod, { init, regular }, input.facts.terminal));
  const sandbox = readySandbox(runtime);
  const hasNetwork = sandbox !== undefined && (pod.spec.hostNetwork === true || sandbox.ips.length > 0);
  return {
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: podConditions({ pod, phase, init, regular, hasNetwork, nowMs }),
    ...reasonOf(pod, verdict),
    ...addresses(input, sandbox?.ips ?? []),
    startTime: pod.status?.startTime ?? timestamp(input.startTimeMs),
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: regular,
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
    qosClass: qosClass(pod),
  };
}

type Statuses = Record<'init' | 'regular' | 'ephemeral', ContainerStatus[]>;

function containerStatuses({ pod, runtime, facts }: StatusInput): Statuses {
  const statuses: Statuses = { init: [], regular: [], ephemeral: [] };
  const defaultReason = initDone(pod, runtime) ? 'ContainerCreating' : 'PodInitializing';
  const isDue = dueContainers(pod, runtime);
  for (const container of containersOf(pod)) {
    const before = statusBefore(pod, container);
    const list = container.kind === 'sidecar' ? 'init' : container.kind;
    const own = { ...facts, defaultReason, due: isDue(container) } as const;
    statuses[list].push(containerStatus(container, runtime, own, before));
  }
  return statuses;
}

/** Whose turn had come: init containers up to the last that ever ran (the first at least), the others after them. */
function dueContainers(pod: Pod, runtime: PodRuntime): (container: PodContainer) => boolean {
  const all = containersOf(pod);
  const ran = (container: PodContainer): boolean => {
    const { state, lastState } = statusBefore(pod, container) ?? {};
    const known = state?.running ?? state?.terminated ?? lastState?.terminated;
    return known !== undefined || latestOf(runtime, container.spec.name) !== undefined;
  };
  const init = all.filter(({ kind }) => kind === 'init' || kind === 'sidecar');
  const last = Math.max(0, init.findLastIndex(ran));
  const due = new Set(init.slice(0, last + 1).map(({ spec }) => spec.name));
  const initialized = initDone(pod, runtime) || all.some((one) => one.kind === 'regular' && ran(one));
  return ({ kind, spec }) => (kind === 'regular' ? initialized : due.has(spec.name));
}

function initDone({ spec }: Pod, runtime: PodRuntime): boolean {
  return (spec.initContainers ?? []).every((container) => {
    const latest = latestOf(runtime, container.name);
    return isSidecar(container) ? latest?.state === 'RUNNING' : latest?.state === 'EXITED' && latest.exitCode === 0;
  });
}

/** A phase that is an end stays. */
function settledPhase({ status }: Pod, phase: PodPhase): PodPhase {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? status.phase : phase;
}

function reasonOf({ status }: Pod, verdict: StatusInput['verdict']): Pick<PodStatus, 'reason' | 'message'> {
  if (verdict) return { reason: verdict.reason, message: verdict.message };
  return { ...(status?.reason && { reason: status.reason }), ...(status?.message && { message: status.message }) };
}

/** Addresses stay while the pod is known, also when its sandbox is gone. */
function addresses({ pod, hostIPs }: StatusInput, sandboxIPs: readonly string[]): Partial<PodStatus> {
  const known = (pod.status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  const current = pod.spec.hostNetwork ? hostIPs : sandboxIPs;
  const podIPs = current.length > 0 ? current : known;
  return {
    ...(hostIPs[0] !== undefined && { hostIP: hostIPs[0], hostIPs: hostIPs.map((ip) => ({ ip })) }),
    ...(podIPs[0] !== undefined && { podIP: podIPs[0], podIPs: podIPs.map((ip) => ({ ip })) }),
  };
}
