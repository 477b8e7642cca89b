import type { Node, Pod } from '@kubephant/schema';
import { isTerminal } from '../common/pods';

export interface PodGcConfig {
  /** Pods that are over and kept for people to look at; the oldest beyond this number go (`--terminated-pod-gc-threshold`). */
  readonly terminatedThreshold: number;
  /** How long a node must be missing before its pods are given up: informers do not see everything at the same time. */
  readonly quarantineMs: number;
  readonly periodMs: number;
}

export const defaultPodGc: PodGcConfig = { terminatedThreshold: 12_500, quarantineMs: 40_000, periodMs: 20_000 };

const outOfService = 'node.kubernetes.io/out-of-service';

/** Pods that nobody will ever clean up by themselves, each once, with the kind of leftover it is. */
export function leftovers(
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
  threshold: number,
): Readonly<Record<'terminated' | 'unscheduled' | 'outOfService' | 'maybeOrphaned', readonly Pod[]>> {
  const going = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const over = pods.filter(
    ({ status, metadata }) => isTerminal(status?.phase) && metadata.deletionTimestamp === undefined,
  );
  const age = ({ metadata }: Pod): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  const oldestFirst = over.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  return {
    terminated: oldestFirst.slice(0, Math.max(0, over.length - threshold)),
    // Without a node there is no kubelet that would let it go.
    unscheduled: going.filter(({ spec }) => !spec.nodeName),
    outOfService: going.filter(({ spec }) =>
      nodeOf(spec.nodeName ?? '')?.spec.taints?.some(({ key }) => key === outOfService),
    ),
    maybeOrphaned: pods.filter(({ spec }) => spec.nodeName && !nodeOf(spec.nodeName)),
  };
}
