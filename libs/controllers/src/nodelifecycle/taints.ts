import type { Node, Taint } from '@kubephant/schema';
import { readyOf } from './health';

const prefix = 'node.kubernetes.io/';
export const notReady = `${prefix}not-ready`;
export const unreachable = `${prefix}unreachable`;

/** Condition → status → the taint that keeps new pods away. */
const byCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReady, Unknown: unreachable },
  MemoryPressure: { True: `${prefix}memory-pressure` },
  DiskPressure: { True: `${prefix}disk-pressure` },
  NetworkUnavailable: { True: `${prefix}network-unavailable` },
  PIDPressure: { True: `${prefix}pid-pressure` },
};
const unschedulable = `${prefix}unschedulable`;
const managed = new Set([...Object.values(byCondition).flatMap((byStatus) => Object.values(byStatus)), unschedulable]);

/** Keys of the NoSchedule taints that the node's conditions call for. */
function schedulingKeys({ spec, status }: Node): ReadonlySet<string> {
  const keys = (status?.conditions ?? []).map((condition) => byCondition[condition.type]?.[condition.status]);
  return new Set([...keys, spec.unschedulable ? unschedulable : undefined].filter((key) => key !== undefined));
}

/** The NoExecute taint that the node's readiness calls for. */
export function evictionKey(node: Node): string | undefined {
  const ready = readyOf(node);
  return ready && byCondition['Ready']?.[ready.status];
}

const isEviction = ({ key, effect }: Taint): boolean =>
  effect === 'NoExecute' && (key === notReady || key === unreachable);
export const evictionTaintOf = (node: Node): Taint | undefined => node.spec.taints?.find(isEviction);

/**
 * The node's taints as its conditions want them. An eviction taint is taken off a node that is ready, and exchanged when
 * the reason has changed; putting the first one on is for `withEviction`, which is rationed.
 */
export function reconciledTaints(node: Node, now: string): readonly Taint[] {
  const wanted = schedulingKeys(node);
  const current = node.spec.taints ?? [];
  const evict = evictionKey(node);
  const isWrong = (taint: Taint): boolean =>
    (taint.effect === 'NoSchedule' && managed.has(taint.key) && !wanted.has(taint.key)) ||
    (isEviction(taint) && taint.key !== evict);
  const kept = current.filter((taint) => !isWrong(taint));
  const present = new Set(kept.filter(({ effect }) => effect === 'NoSchedule').map(({ key }) => key));
  const added = [...wanted]
    .filter((key) => !present.has(key))
    .map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded: now }));
  const exchanged = evict !== undefined && current.some((taint) => isEviction(taint) && taint.key !== evict);
  const taints = [...kept, ...added];
  return exchanged ? withEviction(taints, evict, now) : taints;
}

export function withEviction(taints: readonly Taint[], key: string, now: string): readonly Taint[] {
  return taints.some(isEviction) ? taints : [...taints, { key, effect: 'NoExecute', timeAdded: now }];
}

export const withoutEviction = (taints: readonly Taint[]): readonly Taint[] =>
  taints.filter((taint) => !isEviction(taint));
