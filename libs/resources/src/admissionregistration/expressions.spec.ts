import { validateCreate, validateUpdate } from '../meta/validate';
import { resourceTable } from '../table';
import { changedObject, newObject } from '../testing';
import type { CheckExpression } from './expressions';

const rule = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] };
const variables = [
  { name: 'a', expression: '1' },
  { name: 'b', expression: 'variables.a' },
];
const policySpec = {
  paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
  matchConstraints: { resourceRules: [rule] },
  matchConditions: [{ name: 'm', expression: ' params.x ' }],
  variables,
};
const validating = {
  metadata: { name: 'p' },
  spec: {
    ...policySpec,
    validations: [{ expression: 'true', messageExpression: "'no'" }],
    auditAnnotations: [{ key: 'k', valueExpression: "'v'" }],
  },
};
const mutating = {
  metadata: { name: 'p' },
  spec: {
    ...policySpec,
    mutations: [
      { patchType: 'JSONPatch', jsonPatch: { expression: '[]' } },
      { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } },
    ],
    reinvocationPolicy: 'Never',
  },
};

const rowOf = (kind: string, checkExpression?: CheckExpression) =>
  resourceTable({ ...(checkExpression && { checkExpression }) }).find((row) => row.kind === kind)!;

/** Each expression that is checked, with its use and what it may refer to. */
function checked(kind: string, object: object): readonly string[] {
  const calls: string[] = [];
  const row = rowOf(kind, (expression, use, { params, variables: known = [] }) => {
    const scope = [params && 'params', ...known.map(({ name }) => name)].filter(Boolean).join(' ');
    calls.push(`${use} ${expression}${scope && ` (${scope})`}`);
    return undefined;
  });
  expect(validateCreate(row, newObject(row, { ...object }))).toEqual([]);
  return calls;
}

describe('the expressions', () => {
  it('of a validating policy are checked, each by its use and scope', () => {
    expect(checked('ValidatingAdmissionPolicy', validating)).toEqual([
      'matchCondition params.x (params)',
      'variable 1 (params)',
      'variable variables.a (params a)',
      'validation true (params a b)',
      "messageExpression 'no' (params a b)",
      "auditAnnotation 'v' (params a b)",
    ]);
  });

  it('of a mutating policy are checked, each by the type of its patch', () => {
    expect(checked('MutatingAdmissionPolicy', mutating).slice(3)).toEqual([
      'jsonPatch [] (params a b)',
      'applyConfiguration Object{} (params a b)',
    ]);
  });

  it('are told with what is wrong with them', () => {
    const detail = 'must evaluate to bool but got int';
    const check: CheckExpression = (_, use) =>
      use === 'validation' ? { reason: 'FieldValueInvalid', detail } : undefined;
    const row = rowOf('ValidatingAdmissionPolicy', check);
    expect(validateCreate(row, newObject(row, validating))).toEqual([
      {
        reason: 'FieldValueInvalid',
        field: 'spec.validations[0].expression',
        message: `Invalid value: "true": ${detail}`,
      },
    ]);
  });

  it('are known again when a policy changes', () => {
    const stored: string[] = [];
    const row = rowOf('ValidatingAdmissionPolicy', (expression, _, scope) => {
      if (scope.stored) stored.push(expression);
      return undefined;
    });
    const old = newObject(row, validating);
    const changed = { ...validating, spec: { ...validating.spec, validations: [{ expression: 'false' }] } };
    expect(validateUpdate(row, changedObject(row, old, changed), old)).toEqual([]);
    expect(stored).toEqual(['1', 'variables.a', "'v'"]);
  });

  it('are taken as they are when nobody can check them', () => {
    const row = rowOf('ValidatingAdmissionPolicy');
    expect(validateCreate(row, newObject(row, validating))).toEqual([]);
  });
});
