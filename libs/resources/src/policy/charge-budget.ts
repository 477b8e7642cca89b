import { StatusError } from '@kubephant/api';
import type { Pod, PodDisruptionBudget } from '@kubephant/schema';
import type { Target } from '../definition';
import { chargeDisruption, checkDisruption, guards, isFree, isUnguarded } from './disruption';

const budgets = { group: 'policy', resource: 'poddisruptionbudgets' };

/** Charges the budget that guards the pod, if there is one; throws while it allows nothing. A trial only throws. */
export async function chargeBudget(target: Target<Pod>, pod: Pod, isTrial: boolean): Promise<void> {
  if (isUnguarded(pod)) return;
  const all = await target.others<PodDisruptionBudget>(budgets);
  const [budget, ...more] = all.filter((one) => guards(one, pod));
  if (more.length > 0) {
    const why = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new StatusError('', why);
  }
  if (!budget || isFree(budget, pod)) return;
  if (isTrial) checkDisruption(budget);
  else await charge(target, budget, pod);
}

async function charge(target: Target<Pod>, { metadata }: PodDisruptionBudget, pod: Pod): Promise<void> {
  const key = { ...target.key, name: metadata.name };
  const now = target.now ?? new Date();
  await target
    .other<PodDisruptionBudget>(budgets, key)
    .guaranteedUpdate((current) => chargeDisruption(current, pod.metadata.name, now));
}
