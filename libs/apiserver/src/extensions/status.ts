import { approvalOf, conditionOf, isTrue, removeCondition, setCondition } from '@kubephant/resources';
import type { CustomResourceDefinition } from '@kubephant/schema';
import { acceptNames, type TakenNames } from './names';

const approvals = {
  approved: { status: 'True', reason: 'ApprovedAnnotation' },
  bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
  missing: { status: 'False', reason: 'MissingAnnotation' },
  invalid: { status: 'False', reason: 'InvalidAnnotation' },
} as const;

function reportApproval(crd: CustomResourceDefinition, now: Date): void {
  const type = 'KubernetesAPIApprovalPolicyConformant';
  const approval = approvalOf(crd);
  if (!approval) {
    if (conditionOf(crd, type)) removeCondition(crd, type);
    return;
  }
  setCondition(crd, { type, ...approvals[approval.state], message: approval.reason }, now);
}

/**
 * The definition with the conditions that its spec and the names of others lead to. Its schema is structural, which is
 * checked before it is stored, so there is nothing to say of that.
 */
export function withConditions(crd: CustomResourceDefinition, taken: TakenNames, now: Date): CustomResourceDefinition {
  const changed = structuredClone(crd);
  if (!isTrue(crd, 'Terminating')) acceptNames(changed, taken, now);
  reportApproval(changed, now);
  return changed;
}
