import { controllerOf } from '@kubephant/api';
import type { Pod, PodDisruptionBudget } from '@kubephant/schema';
import type { FindScale } from './owners';

/** How many pods there should be, and how many of them have to be healthy. */
export interface Expected {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  /** Pods that nobody controls, where it matters how many there should be. */
  readonly unmanaged: readonly Pod[];
}

/** What a budget demands of the pods it is about. Rejects when nobody knows how many of them there should be. */
export async function expectedOf(
  { spec: { minAvailable, maxUnavailable } }: PodDisruptionBudget,
  pods: readonly Pod[],
  find: FindScale,
): Promise<Expected> {
  if (maxUnavailable !== undefined) {
    const { expectedPods, unmanaged } = await scaleOf(pods, find);
    const desiredHealthy = Math.max(0, expectedPods - portion(maxUnavailable, expectedPods));
    return { expectedPods, desiredHealthy, unmanaged };
  }
  if (typeof minAvailable !== 'string') {
    const expectedPods = minAvailable === undefined ? 0 : pods.length;
    return { expectedPods, desiredHealthy: minAvailable ?? 0, unmanaged: [] };
  }
  const { expectedPods, unmanaged } = await scaleOf(pods, find);
  return { expectedPods, desiredHealthy: portion(minAvailable, expectedPods), unmanaged };
}

/** A number, or `30%` of the total, rounded up. */
function portion(value: number | string, total: number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) throw new Error('invalid value for IntOrString: invalid type: string is not a percentage');
  return Math.ceil((Number(percent) * total) / 100);
}

/** The sum of what those who control the pods are to have. */
async function scaleOf(pods: readonly Pod[], find: FindScale): Promise<Omit<Expected, 'desiredHealthy'>> {
  const scales = new Map<string, number>();
  const asked = new Set<string>();
  const unmanaged: Pod[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (!owner) unmanaged.push(pod);
    if (!owner || asked.has(owner.uid)) continue;
    asked.add(owner.uid);
    const found = await find(owner, pod.metadata.namespace);
    if (!found) throw new Error(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`);
    scales.set(found.uid, found.replicas);
  }
  return { expectedPods: [...scales.values()].reduce((sum, replicas) => sum + replicas, 0), unmanaged };
}
