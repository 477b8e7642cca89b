import { timestamp } from '@kubephant/api';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '@kubephant/schema';

type Condition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>;
type Definition = Pick<CustomResourceDefinition, 'status'>;

export const conditionOf = ({ status }: Definition, type: string): CustomResourceDefinitionCondition | undefined =>
  (status?.conditions ?? []).find((condition) => condition.type === type);

export const isTrue = (crd: Definition, type: string): boolean => conditionOf(crd, type)?.status === 'True';

/** Sets one condition; its time moves only when its status does. */
export function setCondition(crd: Definition, condition: Condition, now: Date): void {
  const status = (crd.status ??= {});
  const before = conditionOf(crd, condition.type);
  const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
  const { type, status: value, ...why } = condition;
  const after = { type, status: value, lastTransitionTime: since ?? timestamp(now), ...why };
  const others = status.conditions ?? [];
  status.conditions = before ? others.map((other) => (other === before ? after : other)) : [...others, after];
}

/** Takes away a condition that no longer says anything. */
export function removeCondition({ status }: Definition, type: string): void {
  if (status?.conditions) status.conditions = status.conditions.filter((condition) => condition.type !== type);
}
