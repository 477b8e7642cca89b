import { forbidden, fromLabelSelector, StatusError, timestamp } from '@kubephant/api';
import type { Condition, Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '@kubephant/schema';

type Budget = PodDisruptionBudget;

/** Whether the budget is about the pod. Without a selector it is about none. */
export const guards = ({ spec: { selector } }: Budget, { metadata: { labels } }: Pod): boolean =>
  fromLabelSelector(selector).matches(labels);

const over = ['Succeeded', 'Failed', 'Pending'];

/** Pods that do not work, or not any more: no budget counts them. */
export const isUnguarded = ({ metadata, status }: Pod): boolean =>
  Boolean(metadata.deletionTimestamp) || over.includes(status?.phase ?? '');

const isReady = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some(({ type, status: state }) => type === 'Ready' && state === 'True');

/** Whether an unhealthy pod may go without being charged: it is not among those the budget counts as healthy. */
export function isFree({ spec, status }: Budget, pod: Pod): boolean {
  if (isReady(pod)) return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (desiredHealthy > 0 && currentHealthy >= desiredHealthy);
}

const budgets = { group: 'policy', resource: 'poddisruptionbudget' };
const maxDisrupted = 2000;

function refusal(why: string, retryAfterSeconds?: number): StatusError {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  const causes = [{ reason: 'DisruptionBudget', message: why }];
  return new StatusError('TooManyRequests', message, {
    causes,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

const healthNeeded = (name: string, { desiredHealthy = 0, currentHealthy = 0 }: PodDisruptionBudgetStatus): string =>
  `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;

/** Throws TooManyRequests or Forbidden while nothing may be disrupted. */
export function checkDisruption({ metadata: { name, generation = 0 }, status = {} }: Budget): void {
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (observedGeneration < generation) {
    throw refusal(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed < 0) throw forbidden(budgets, name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > maxDisrupted) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw forbidden(budgets, name, why);
  }
  if (disruptionsAllowed === 0) throw refusal(healthNeeded(name, status));
}

/** The conditions once nothing more may be disrupted. */
function exhausted({ conditions = [], observedGeneration }: PodDisruptionBudgetStatus, now: Date): Condition[] {
  const before = conditions.find(({ type }) => type === 'DisruptionAllowed');
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    ...(observedGeneration !== undefined && { observedGeneration }),
    lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : timestamp(now),
    reason: 'InsufficientPods',
    message: '',
  };
  return before ? conditions.map((one) => (one === before ? condition : one)) : [...conditions, condition];
}

/**
 * Charges the budget for one pod, and notes which, so that its controller does not count the pod as healthy until it
 * is gone. Changes the budget; throws as `checkDisruption` does.
 */
export function chargeDisruption(budget: Budget, podName: string, now: Date): Budget {
  checkDisruption(budget);
  const { status = {} } = budget;
  const disruptionsAllowed = (status.disruptionsAllowed ?? 0) - 1;
  budget.status = {
    ...status,
    disruptionsAllowed,
    disruptedPods: { ...status.disruptedPods, [podName]: timestamp(now) },
    ...(disruptionsAllowed === 0 && { conditions: exhausted(status, now) }),
  };
  return budget;
}
