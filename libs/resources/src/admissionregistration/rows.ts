import type { ResourceDefinition } from '../definition';
import { mutatingAdmissionPolicyBindings, validatingAdmissionPolicyBindings } from './bindings';
import type { CheckExpression } from './expressions';
import { mutatingAdmissionPolicies } from './mutatingadmissionpolicies';
import { validatingAdmissionPolicies } from './validatingadmissionpolicies';
import { mutatingWebhookConfigurations, validatingWebhookConfigurations } from './webhooks';

/** What has a say in the requests of others. */
export const admissionRows = (checkExpression?: CheckExpression): readonly ResourceDefinition[] => [
  mutatingAdmissionPolicies(checkExpression),
  mutatingAdmissionPolicyBindings,
  mutatingWebhookConfigurations(checkExpression),
  validatingAdmissionPolicies(checkExpression),
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations(checkExpression),
];
