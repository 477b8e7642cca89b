import { tolerates } from '@kubephant/component-helpers';
import type { Taint, Toleration } from '@kubephant/schema';

/** How long a pod may stay with these taints: the shortest time of the tolerations it needs; Infinity without an end. */
export function toleratedForMs(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  const covering = taints.map((taint) => tolerations.find((toleration) => tolerates(toleration, taint)));
  if (covering.some((toleration) => toleration === undefined)) return 0;
  const seconds = covering.map((toleration) => toleration?.tolerationSeconds ?? Infinity);
  return Math.max(0, Math.min(Infinity, ...seconds)) * 1000;
}
