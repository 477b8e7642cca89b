import type { CustomResourceDefinition } from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { at } from '../validation/path';

export const approvalAnnotation = 'api-approved.kubernetes.io';
const link = 'see https://github.com/kubernetes/enhancements/pull/1111';
const must = `protected groups must have approval annotation "${approvalAnnotation}"`;

/** What the annotation says of a group that belongs to the Kubernetes community; undefined for other groups. */
export interface Approval {
  readonly state: 'approved' | 'bypassed' | 'missing' | 'invalid';
  readonly reason: string;
}

const isProtected = (group: string): boolean => /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group);

export function approvalOf({ spec, metadata }: CustomResourceDefinition): Approval | undefined {
  if (!isProtected(spec.group)) return undefined;
  const value = metadata.annotations?.[approvalAnnotation] ?? '';
  if (value === '') return { state: 'missing', reason: `${must}, ${link}` };
  if (value.startsWith('unapproved')) {
    return { state: 'bypassed', reason: `not approved: ${JSON.stringify(value)}` };
  }
  if (URL.canParse(value) && new URL(value).host !== '') {
    return { state: 'approved', reason: `approved in ${value}` };
  }
  return { state: 'invalid', reason: `${must} with either a URL or a reason starting with "unapproved", ${link}` };
}

/** Groups of the community need its approval; what was stored without is left alone. */
export function validateApproval(crd: CustomResourceDefinition, old?: CustomResourceDefinition): Causes {
  const approval = approvalOf(crd);
  if (!approval || (old && approvalOf(old)?.state === approval.state)) return none;
  const path = at('metadata', 'annotations').key(approvalAnnotation);
  if (approval.state === 'missing') return [required(path, approval.reason)];
  if (approval.state !== 'invalid') return none;
  return [invalidValue(path, crd.metadata.annotations?.[approvalAnnotation], approval.reason)];
}
