import type { MutatingAdmissionPolicy, Mutation } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, integer, nameColumn, text } from '../print/columns';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { each, oneOf, requiredOneOf, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validateExpression, type CheckExpression, type Checking } from './expressions';
import { setMatchDefaults, validateChangingOperations } from './match';
import { checkingOf, paramKindText, validatePolicy } from './policies';
import { reservedNameWarnings } from './reserved-names';

type Policy = MutatingAdmissionPolicy;

const spec = at('spec');

/** The field and the use of each type of patch. */
const patchTypes = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const;
type PatchType = keyof typeof patchTypes;
const patchTypeNames = Object.keys(patchTypes) as PatchType[];

function validatePatch(mutation: Mutation, path: Path, type: PatchType, checking: Checking): Causes {
  const field = patchTypes[type];
  const patch = mutation[field];
  if (!patch) return [required(path.child(field), `must be specified when patchType is ${type}`)];
  const where = path.child(field, 'expression');
  const expression = patch.expression?.trim();
  return expression ? validateExpression(expression, where, field, checking) : [required(where)];
}

function validateMutation(mutation: Mutation, path: Path, checking: Checking): Causes {
  const type = patchTypeNames.find((name) => name === mutation.patchType);
  if (!type) return requiredOneOf(mutation.patchType, path.child('patchType'), patchTypeNames);
  const other = type === 'JSONPatch' ? 'applyConfiguration' : 'jsonPatch';
  return [
    ...validatePatch(mutation, path, type, checking),
    ...when(mutation[other] !== undefined, () =>
      invalidValue(path.child(other), `{${other}}`, `must not be specified when patchType is ${type}`),
    ),
  ];
}

function validateMutations({ spec: { mutations = [] } }: Policy, checking: Checking): Causes {
  const path = spec.child('mutations');
  return [
    ...(mutations.length === 0 ? [required(path, 'mutations must contain at least one item')] : none),
    ...each(mutations, path, (mutation, where) => validateMutation(mutation, where, checking)),
  ];
}

function validateReinvocation({ spec: { reinvocationPolicy } }: Policy): Causes {
  const path = spec.child('reinvocationPolicy');
  return reinvocationPolicy ? oneOf(reinvocationPolicy, path, ['IfNeeded', 'Never']) : [required(path)];
}

const validate = (policy: Policy, checking: Checking): Causes => [
  ...validatePolicy(policy, checking),
  ...validateChangingOperations(policy.spec.matchConstraints, spec.child('matchConstraints')),
  ...validateMutations(policy, checkingOf(policy, checking)),
  ...validateReinvocation(policy),
];

export const mutatingAdmissionPolicies = (checkExpression?: CheckExpression): ResourceDefinition =>
  defineResource<Policy>({
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: 'MutatingAdmissionPolicy',
    scope: 'Cluster',
    names: {
      plural: 'mutatingadmissionpolicies',
      singular: 'mutatingadmissionpolicy',
      categories: ['api-extensions'],
    },
    schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
    storageVersion: 'v1beta1',
    generation: true,
    conditionalUpdate: true,
    columns: [
      nameColumn,
      integer('Mutations', 'How many changes it makes.', ({ spec: { mutations = [] } }) => mutations.length),
      text('ParamKind', 'Kind of its parameters.', paramKindText),
      ageColumn,
    ],
    defaults({ spec: wanted }) {
      wanted.failurePolicy ??= 'Fail';
      setMatchDefaults(wanted.matchConstraints);
    },
    strategy: {
      validate: (policy) => validate(policy, { checkExpression }),
      validateUpdate: (policy) => validate(policy, { checkExpression }),
      warnings: reservedNameWarnings,
    },
  });
