import type { MutatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBinding } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { duplicate, invalidValue, required, type Causes } from '../validation/causes';
import { each, oneOf, when } from '../validation/checks';
import { at } from '../validation/path';
import { setMatchDefaults, validateChangingOperations } from './match';
import { paramRefText, validateBinding, type PolicyBinding } from './policies';
import { reservedNameWarnings } from './reserved-names';

const actions = ['Audit', 'Deny', 'Warn'];

const contradiction =
  'must not contain both Deny and Warn (repeating the same validation failure information in the API response and ' +
  'headers serves no purpose)';

function validateActions({ spec: { validationActions } }: ValidatingAdmissionPolicyBinding): Causes {
  const path = at('spec', 'validationActions');
  const given = (validationActions as string[] | undefined) ?? [];
  if (given.length === 0) return [required(path, 'at least one validation action is required')];
  return [
    ...each(given, path, (action, where, index) => [
      ...oneOf(action, where, actions),
      ...when(given.indexOf(action) < index, () => duplicate(where, action)),
    ]),
    ...when(given.includes('Deny') && given.includes('Warn'), () => invalidValue(path, given, contradiction)),
  ];
}

const columns: readonly Column<PolicyBinding>[] = [
  nameColumn,
  text('PolicyName', 'The policy.', ({ spec: { policyName } }) => policyName ?? ''),
  text('ParamRef', 'Its parameters.', paramRefText),
  ageColumn,
];

/** What is the same for both kinds. */
const common = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  scope: 'Cluster',
  generation: true,
  conditionalUpdate: true,
  columns,
  defaults: ({ spec }: PolicyBinding) => setMatchDefaults(spec.matchResources),
} as const;

const validateMutating = (binding: MutatingAdmissionPolicyBinding): Causes => [
  ...validateBinding(binding),
  ...validateChangingOperations(binding.spec.matchResources, at('spec', 'matchResources')),
];

export const mutatingAdmissionPolicyBindings: ResourceDefinition = defineResource<MutatingAdmissionPolicyBinding>({
  ...common,
  kind: 'MutatingAdmissionPolicyBinding',
  names: {
    plural: 'mutatingadmissionpolicybindings',
    singular: 'mutatingadmissionpolicybinding',
    categories: ['api-extensions'],
  },
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  storageVersion: 'v1beta1',
  strategy: { validate: validateMutating, validateUpdate: validateMutating, warnings: reservedNameWarnings },
});

const validateValidating = (binding: ValidatingAdmissionPolicyBinding): Causes => [
  ...validateBinding(binding),
  ...validateActions(binding),
];

export const validatingAdmissionPolicyBindings: ResourceDefinition = defineResource<ValidatingAdmissionPolicyBinding>({
  ...common,
  kind: 'ValidatingAdmissionPolicyBinding',
  names: {
    plural: 'validatingadmissionpolicybindings',
    singular: 'validatingadmissionpolicybinding',
    categories: ['api-extensions'],
  },
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  strategy: { validate: validateValidating, validateUpdate: validateValidating, warnings: reservedNameWarnings },
});
