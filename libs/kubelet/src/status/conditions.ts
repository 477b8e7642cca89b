import { timestamp } from '@kubephant/api';
import type { ContainerStatus, Pod, PodCondition } from '@kubephant/schema';
import { isSidecar } from '../pods/containers';
import type { PodPhase } from './phase';

export interface ConditionInput {
  readonly pod: Pod;
  readonly phase: PodPhase;
  readonly init: readonly ContainerStatus[];
  readonly regular: readonly ContainerStatus[];
  readonly hasNetwork: boolean;
  readonly nowMs: number;
}

interface Verdict {
  readonly type: string;
  readonly ok: boolean;
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions a kubelet owns, then those that others set, which it keeps. Times change only with a status. */
export function podConditions(input: ConditionInput): PodCondition[] {
  const { pod, hasNetwork, nowMs } = input;
  const ready = containersReady(input);
  const verdicts: Verdict[] = [
    { type: 'PodReadyToStartContainers', ok: hasNetwork },
    initialized(input),
    gatedReady(pod, ready),
    ready,
    { type: 'PodScheduled', ok: true },
  ];
  const before = new Map((pod.status?.conditions ?? []).map((condition) => [condition.type, condition]));
  const now = timestamp(nowMs);
  const own = verdicts.map((verdict) => conditionOf(verdict, pod, { before: before.get(verdict.type), now }));
  const owned = new Set(verdicts.map(({ type }) => type));
  return [...own, ...(pod.status?.conditions ?? []).filter(({ type }) => !owned.has(type))];
}

function conditionOf(
  { type, ok, reason, message }: Verdict,
  { metadata }: Pod,
  { before, now }: { readonly before: PodCondition | undefined; readonly now: string },
): PodCondition {
  const status = ok ? 'True' : 'False';
  const same = before?.status === status && before.lastTransitionTime !== undefined;
  return {
    type,
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    status,
    lastTransitionTime: same ? (before.lastTransitionTime ?? now) : now,
    ...(reason && { reason }),
    ...(message && { message }),
  };
}

const named = (text: string, statuses: readonly ContainerStatus[]): string =>
  `containers with ${text} status: [${statuses.map(({ name }) => name).join(' ')}]`;

function initialized({ pod, phase, init, regular }: ConditionInput): Verdict {
  const type = 'Initialized';
  if (phase === 'Succeeded') return { type, ok: true, reason: 'PodCompleted' };
  const passed = regular.some(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated);
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const open = init.filter(({ name, ready, started }) => (sidecars.has(name) ? started !== true : !ready));
  if (open.length === 0 || passed) return { type, ok: true };
  return { type, ok: false, reason: 'ContainersNotInitialized', message: named('incomplete', open) };
}

function containersReady({ pod, phase, init, regular }: ConditionInput): Verdict {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, ok: false, reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, ok: false, reason: 'PodFailed' };
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const unready = [...init.filter(({ name }) => sidecars.has(name)), ...regular].filter(({ ready }) => !ready);
  if (unready.length === 0) return { type, ok: true };
  return { type, ok: false, reason: 'ContainersNotReady', message: named('unready', unready) };
}

/** Ready is ContainersReady and every readiness gate. */
function gatedReady({ spec, status }: Pod, containers: Verdict): Verdict {
  if (!containers.ok) return { ...containers, type: 'Ready' };
  const problems = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = status?.conditions?.find(({ type }) => type === conditionType);
    if (!found)
      return [`corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`];
    if (found.status === 'True') return [];
    return [`the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${found.status}`];
  });
  if (problems.length === 0) return { type: 'Ready', ok: true };
  return { type: 'Ready', ok: false, reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}
