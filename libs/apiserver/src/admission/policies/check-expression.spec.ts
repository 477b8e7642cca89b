import { resourceTable } from '@kubephant/resources';
import { newRig } from '../../registry/testing/rig';
import { newCheckExpression } from './check-expression';

const group = '/apis/admissionregistration.k8s.io/v1';
const resourceRules = [
  { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['CREATE'] },
];
const validations = [{ expression: 'true' }];

const rig = newRig({}, resourceTable({ checkExpression: newCheckExpression() }));

async function causesOf(plural: string, spec: object): Promise<unknown> {
  const matchConstraints = { resourceRules };
  const body = { metadata: { name: 'p' }, spec: { matchConstraints, ...spec } };
  const answer = await rig.ask(`POST ${group}/${plural}?dryRun=All`, { body });
  const causes = (answer.body.details?.causes ?? []) as { field: string; message: string }[];
  return answer.status === 201 ? 'fine' : causes.map(({ field, message }) => `${field}: ${message}`);
}

const wrong = (field: string, expression: string, why: string): readonly string[] => [
  `spec.${field}: Invalid value: ${JSON.stringify(expression)}: ${why}`,
];

describe('expressions of policies, as upstream 1.36.2 answers', () => {
  it.each<[string, string]>([
    ['1', 'must evaluate to bool but got int'],
    ['object.spec.bogus', 'must evaluate to bool but got dyn'],
    ['request.bogus', "compilation failed: ERROR: <input>:1:8: undefined field 'bogus'\n | request.bogus\n | .......^"],
    ['x', "compilation failed: ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x\n | ^"],
    [
      'true && 1',
      "compilation failed: ERROR: <input>:1:9: expected type 'bool' but found 'int'\n | true && 1\n | ........^",
    ],
    ['{}', 'must evaluate to bool but got map(dyn, dyn)'],
  ])('the validation %s', async (expression, why) => {
    expect(await causesOf('validatingadmissionpolicies', { validations: [{ expression }] })).toEqual(
      wrong('validations[0].expression', expression, why),
    );
  });

  it.each<[string, object, unknown]>([
    [
      'a message that is none',
      { validations: [{ expression: 'true', messageExpression: 'object.spec.replicas' }] },
      wrong('validations[0].messageExpression', 'object.spec.replicas', 'must evaluate to string but got dyn'),
    ],
    [
      'a message about rights',
      { validations: [{ expression: 'true', messageExpression: 'string(authorizer)' }] },
      wrong(
        'validations[0].messageExpression',
        'string(authorizer)',
        "compilation failed: ERROR: <input>:1:8: undeclared reference to 'authorizer' (in container '')\n | string(authorizer)\n | .......^",
      ),
    ],
    [
      'parameters of a policy without any',
      { validations, matchConditions: [{ name: 'c', expression: 'params == null' }] },
      wrong(
        'matchConditions[0].expression',
        'params == null',
        "compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params == null\n | ^",
      ),
    ],
    [
      'a variable that comes later',
      {
        validations,
        variables: [
          { name: 'a', expression: 'variables.b' },
          { name: 'b', expression: '1' },
        ],
      },
      wrong(
        'variables[0].expression',
        'variables.b',
        "compilation failed: ERROR: <input>:1:10: undefined field 'b'\n | variables.b\n | .........^",
      ),
    ],
    [
      'an annotation that is no text',
      { validations, auditAnnotations: [{ key: 'k', valueExpression: '1' }] },
      wrong('auditAnnotations[0].valueExpression', '1', 'must evaluate to one of [string null_type] but got int'),
    ],
    [
      'variables by their types',
      {
        variables: [
          { name: 'a', expression: '1' },
          { name: 'b', expression: 'variables.a > 0' },
        ],
        validations: [{ expression: 'variables.b', messageExpression: 'string(variables.a)' }],
      },
      'fine',
    ],
    [
      'everything that there is',
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        validations: [
          {
            expression:
              "params.x == 1 && namespaceObject.metadata.name == '' && oldObject == null && " +
              "authorizer.requestResource.check('get').allowed()",
          },
        ],
      },
      'fine',
    ],
  ])('%s', async (_, spec, expected) => {
    expect(await causesOf('validatingadmissionpolicies', spec)).toEqual(expected);
  });

  it.each<[object, readonly string[]]>([
    [
      { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'object' } },
      wrong('mutations[0].applyConfiguration.expression', 'object', 'must evaluate to Object but got dyn'),
    ],
    [
      { patchType: 'JSONPatch', jsonPatch: { expression: '[]' } },
      wrong('mutations[0].jsonPatch.expression', '[]', 'must evaluate to list(JSONPatch) but got list(dyn)'),
    ],
  ])('the mutation %j', async (mutation, expected) => {
    const spec = { mutations: [mutation], reinvocationPolicy: 'Never' };
    expect(await causesOf('mutatingadmissionpolicies', spec)).toEqual(expected);
  });
});
