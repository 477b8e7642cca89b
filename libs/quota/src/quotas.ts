import type { KubeObject } from '@kubephant/api';
import type { ResourceQuota } from '@kubephant/schema';
import { noAmounts, only, type Amounts } from './amounts';
import type { Evaluator } from './evaluator';
import { scopesOf } from './scopes';

/** Whether the object is in all scopes of the quota; one without scopes is about everything. */
export const isInScopes = (quota: ResourceQuota, evaluator: Evaluator, obj: KubeObject): boolean =>
  scopesOf(quota).every((scope) => evaluator.isIn(scope, obj));

/** What the object uses of what the quota limits. */
export function usageIn(quota: ResourceQuota, evaluator: Evaluator, obj: KubeObject): Amounts {
  if (!isInScopes(quota, evaluator, obj)) return noAmounts;
  const limited = Object.keys(quota.spec.hard ?? {}).filter((name) => evaluator.counts(name));
  return only(evaluator.usage(obj), new Set(limited));
}
