import type { Attributes } from '@kubephant/serving';
import { refuse } from '../refuse';
import type { PodLike, Violation } from './check';
import type { PodSecurityMetrics } from './metrics';
import type { NamespacePolicy } from './policy';
import { detailsText, sameStandard, standardText, violations, type Standard } from './standard';

/** Refuses a pod that its namespace forbids, and warns of what it does not like. `isEnforced`: it is a pod, not what makes some. */
export function evaluate(
  attributes: Attributes,
  policy: NamespacePolicy,
  pod: PodLike,
  { isEnforced, metrics }: { readonly isEnforced: boolean; readonly metrics: PodSecurityMetrics },
): void {
  if (policy.isDoubtful) metrics.failed(false, attributes);
  const known: { readonly standard: Standard; readonly found: readonly Violation[] }[] = [];
  const against = (standard: Standard): readonly Violation[] => {
    const found = known.find((one) => sameStandard(one.standard, standard))?.found ?? violations(standard, pod);
    known.push({ standard, found });
    return found;
  };
  const forbidden = isEnforced ? against(policy.enforce) : [];
  if (isEnforced) metrics.evaluated(forbidden.length > 0 ? 'deny' : 'allow', 'enforce', policy.enforce, attributes);
  if (against(policy.audit).length > 0) metrics.evaluated('deny', 'audit', policy.audit, attributes);
  if (forbidden.length > 0) {
    const standard = JSON.stringify(standardText(policy.enforce));
    throw refuse(attributes, `violates PodSecurity ${standard}: ${detailsText(forbidden)}`);
  }
  const questionable = against(policy.warn);
  if (questionable.length === 0) return;
  metrics.evaluated('deny', 'warn', policy.warn, attributes);
  const standard = JSON.stringify(standardText(policy.warn));
  attributes.warn(`would violate PodSecurity ${standard}: ${detailsText(questionable)}`);
}
