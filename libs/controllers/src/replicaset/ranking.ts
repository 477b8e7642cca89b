import type { ContainerStatus, Pod } from '@kubephant/schema';
import { isReady, readySinceMs } from '../common/pods';

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The order in which surplus pods go, upstream's: unassigned before assigned, pending before running, not ready before
 * ready, cheap before dear, crowded nodes before others, ready for a short time before a long one, often restarted before
 * seldom, young before old. Times count logarithmically, so that age alone does not decide between pods of one rollout.
 * `related` are all pods whose number per node makes a node crowded.
 */
export function inDeletionOrder(pods: readonly Pod[], related: readonly Pod[], nowMs: number): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const { spec } of related) {
    if (spec.nodeName) perNode.set(spec.nodeName, (perNode.get(spec.nodeName) ?? 0) + 1);
  }
  const ranked = pods.map((pod) => ({ pod, rank: rankOf(pod, perNode, nowMs) }));
  return ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ pod }) => pod);
}

/** Smaller goes first, position by position. */
type Rank = readonly (number | string)[];

function rankOf(pod: Pod, perNode: ReadonlyMap<string, number>, nowMs: number): Rank {
  const { metadata, spec, status } = pod;
  const readyMs = readySinceMs(pod);
  return [
    spec.nodeName ? 1 : 0,
    phaseRank[status?.phase ?? ''] ?? 0,
    isReady(pod) ? 1 : 0,
    costOf(pod),
    -(perNode.get(spec.nodeName ?? '') ?? 0),
    readyMs === undefined ? 0 : logAge(readyMs, nowMs),
    ...restarts(pod).map((count) => -count),
    logAge(Date.parse(metadata.creationTimestamp ?? '') || nowMs, nowMs),
    metadata.uid,
  ];
}

const costOf = ({ metadata }: Pod): number => Number.parseInt(metadata.annotations?.[deletionCost] ?? '0', 10) || 0;

const logAge = (sinceMs: number, nowMs: number): number =>
  nowMs <= sinceMs ? -1 : Math.floor(Math.log2((nowMs - sinceMs) * 1_000_000));

/** The most restarts of any container, then of any sidecar. */
function restarts({ spec, status }: Pod): readonly number[] {
  const most = (statuses: readonly ContainerStatus[] = []): number =>
    Math.max(0, ...statuses.map((c) => c.restartCount));
  const sidecars = new Set(spec.initContainers?.filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  return [most(status?.containerStatuses), most(status?.initContainerStatuses?.filter((c) => sidecars.has(c.name)))];
}

function compare(a: Rank, b: Rank): number {
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
