import { timestamp } from '@kubephant/api';
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '@kubephant/schema';
import { nonZero } from '../common/non-zero';
import type { Sets } from './plan';
import { availableOf, maxUnavailableOf, replicasOf, sum } from './sizes';

/** No deadline: what a deployment without `progressDeadlineSeconds` means. */
const noDeadline = 2 ** 31 - 1;

export const progressDeadlineOf = ({ spec }: Deployment): number | undefined =>
  spec.progressDeadlineSeconds === undefined || spec.progressDeadlineSeconds === noDeadline
    ? undefined
    : spec.progressDeadlineSeconds;

export function conditionOf(status: DeploymentStatus | undefined, type: string): DeploymentCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The counts, and whether enough is available. */
export function countedStatus(deployment: Deployment, { newSet, olds }: Sets, nowMs: number): DeploymentStatus {
  const sets = newSet ? [...olds, newSet] : olds;
  const available = sum(sets, availableOf);
  const { generation } = deployment.metadata;
  const { collisionCount, conditions = [] } = deployment.status ?? {};
  const enough = available >= replicasOf(deployment) - maxUnavailableOf(deployment);
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    ...nonZero({
      replicas: sum(sets, ({ status }) => status?.replicas ?? 0),
      updatedReplicas: newSet?.status?.replicas ?? 0,
      readyReplicas: sum(sets, ({ status }) => status?.readyReplicas ?? 0),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, sum(sets, replicasOf) - available),
    }),
    terminatingReplicas: sum(sets, ({ status }) => status?.terminatingReplicas ?? 0),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions: withCondition(conditions, enough ? enoughAvailable : tooFewAvailable, nowMs),
  };
}

const enoughAvailable = {
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
} as const;
const tooFewAvailable = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
} as const;

/** The counts, and how the rollout is getting on. */
export function rolloutStatus(deployment: Deployment, sets: Sets, nowMs: number): DeploymentStatus {
  const status = countedStatus(deployment, sets, nowMs);
  const progress = progressOf(deployment, status, sets, nowMs);
  return { ...status, conditions: withFailures(progress, sets, nowMs) };
}

type Judgement = Pick<DeploymentCondition, 'type' | 'status'> & { readonly reason: string; readonly message: string };

function progressOf(
  deployment: Deployment,
  status: DeploymentStatus,
  { newSet }: Sets,
  nowMs: number,
): DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  if (progressDeadlineOf(deployment) === undefined) return conditions.filter(({ type }) => type !== 'Progressing');
  const current = conditionOf(status, 'Progressing');
  const isOver =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (isOver) return conditions;
  const what = newSet
    ? `ReplicaSet ${JSON.stringify(newSet.metadata.name)}`
    : `Deployment ${JSON.stringify(deployment.metadata.name)}`;
  const judge = (value: string, reason: string, verdict: string): Judgement => ({
    type: 'Progressing',
    status: value,
    reason,
    message: `${what} ${verdict}.`,
  });
  if (isComplete(deployment, status)) {
    return withCondition(conditions, judge('True', 'NewReplicaSetAvailable', 'has successfully progressed'), nowMs);
  }
  if (isProgressing(deployment.status, status)) {
    // Every step forward is noted, also when the condition says the same as before: the deadline runs from the last one.
    return replaced(conditions, judge('True', 'ReplicaSetUpdated', 'is progressing'), nowMs);
  }
  if (hasTimedOut(deployment, status, nowMs)) {
    return withCondition(conditions, judge('False', 'ProgressDeadlineExceeded', 'has timed out progressing'), nowMs);
  }
  return conditions;
}

/** A condition that says the same as before stays as it is; a new one goes to the end. */
export function withCondition(
  conditions: readonly DeploymentCondition[],
  judgement: Judgement,
  nowMs: number,
): DeploymentCondition[] {
  const current = conditions.find(({ type }) => type === judgement.type);
  return current?.status === judgement.status && current.reason === judgement.reason
    ? [...conditions]
    : replaced(conditions, judgement, nowMs);
}

function replaced(
  conditions: readonly DeploymentCondition[],
  judgement: Judgement,
  nowMs: number,
): DeploymentCondition[] {
  const now = timestamp(nowMs);
  const current = conditions.find(({ type }) => type === judgement.type);
  const since = current?.status === judgement.status ? current.lastTransitionTime : undefined;
  const others = conditions.filter(({ type }) => type !== judgement.type);
  return [...others, { ...judgement, lastUpdateTime: now, lastTransitionTime: since ?? now }];
}

/** Everything is updated, available, and nothing old is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const wanted = replicasOf(deployment);
  return (
    [updatedReplicas, replicas, availableReplicas].every((count) => count === wanted) &&
    observedGeneration >= (deployment.metadata.generation ?? 0)
  );
}

function isProgressing(before: DeploymentStatus | undefined, after: DeploymentStatus): boolean {
  const counts = ({
    replicas = 0,
    updatedReplicas = 0,
    readyReplicas = 0,
    availableReplicas = 0,
  }: DeploymentStatus): readonly number[] => [
    updatedReplicas,
    updatedReplicas - replicas,
    readyReplicas,
    availableReplicas,
  ];
  const old = counts(before ?? {});
  return counts(after).some((count, i) => count > (old[i] ?? 0));
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean {
  const current = conditionOf(status, 'Progressing');
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  return current.reason === 'ProgressDeadlineExceeded' || (deadlineInMs(deployment, status, nowMs) ?? 1) <= 0;
}

/** Milliseconds until a rollout that does not move has timed out; undefined when it cannot. */
export function deadlineInMs(deployment: Deployment, status: DeploymentStatus, nowMs: number): number | undefined {
  const current = conditionOf(status, 'Progressing');
  const deadline = progressDeadlineOf(deployment);
  if (!current || deadline === undefined || isComplete(deployment, status)) return undefined;
  if (current.reason === 'ProgressDeadlineExceeded' || current.reason === 'NewReplicaSetAvailable') return undefined;
  return Date.parse(current.lastUpdateTime ?? '') + deadline * 1000 - nowMs;
}

/** What keeps a ReplicaSet from creating its pods is the deployment's failure, the new set's first. */
function withFailures(
  conditions: readonly DeploymentCondition[],
  { newSet, olds }: Sets,
  nowMs: number,
): DeploymentCondition[] {
  const failing = (set: ReplicaSet | undefined): Judgement[] =>
    (set?.status?.conditions ?? [])
      .filter(({ type }) => type === 'ReplicaFailure')
      .map(({ type, status, reason = '', message = '' }) => ({ type, status, reason, message }));
  const [failure] = [newSet, ...olds].flatMap(failing);
  if (!failure) return conditions.filter(({ type }) => type !== 'ReplicaFailure');
  return withCondition(conditions, failure, nowMs);
}
