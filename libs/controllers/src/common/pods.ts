import { controllerOf } from '@kubephant/api';
import { pods } from '@kubephant/client';
import type { Informers, SharedInformer } from '@kubephant/informer';
import type { Pod, PodCondition } from '@kubephant/schema';

/** Not over and not being deleted: what counts towards `spec.replicas`. */
export function isActive({ metadata, status }: Pod): boolean {
  return !isTerminal(status?.phase) && !metadata.deletionTimestamp;
}

export function isTerminal(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

export function conditionOf(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Milliseconds since the epoch at which the pod became ready; undefined while it is not. */
export function readySinceMs(pod: Pod): number | undefined {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status !== 'True') return undefined;
  return ready.lastTransitionTime ? Date.parse(ready.lastTransitionTime) : 0;
}

/** How long until a ready pod counts as available; 0: it does; undefined: it is not ready. */
export function availableInMs(pod: Pod, minReadySeconds: number, nowMs: number): number | undefined {
  const sinceMs = readySinceMs(pod);
  if (sinceMs === undefined) return undefined;
  return minReadySeconds === 0 ? 0 : Math.max(0, sinceMs + minReadySeconds * 1000 - nowMs);
}

const byController = 'controllerUid';
const orphansOf = (namespace: string | undefined): string => `orphans of ${namespace ?? ''}`;

/** The pod informer with the index that `podsControlledBy` and `orphanPods` use. */
export function podsByController(informers: Informers): SharedInformer<Pod> {
  const informer = informers.of(pods);
  informer.addIndexers({
    [byController]: (pod) => [controllerOf(pod)?.uid ?? orphansOf(pod.metadata.namespace)],
  });
  return informer;
}

export function podsControlledBy(informer: SharedInformer<Pod>, uid: string): readonly Pod[] {
  return informer.lister.byIndex(byController, uid);
}

/** The pods of a namespace that no controller owns. */
export function orphanPods(informer: SharedInformer<Pod>, namespace: string | undefined): readonly Pod[] {
  return informer.lister.byIndex(byController, orphansOf(namespace));
}
