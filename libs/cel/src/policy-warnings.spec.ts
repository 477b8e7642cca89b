import { schemas, type ValidatingAdmissionPolicy } from '@kubephant/schema';
import { policyWarnings, type PolicyKind, type PolicyKinds } from './policy-warnings';
import { builtinType } from './schema/builtin';

const kind = (group: string, version: string, name: string, schema: string) => ({
  ...{ group, version, kind: name },
  type: builtinType(schemas.get(schema)),
});
const deployments = kind('apps', 'v1', 'Deployment', 'io.k8s.api.apps.v1.Deployment');
const configMaps = kind('', 'v1', 'ConfigMap', 'io.k8s.api.core.v1.ConfigMap');
const all = new Map<string, PolicyKind>([
  ['apps/v1/deployments', deployments],
  ['/v1/configmaps', configMaps],
  ['example.com/v1/things', { group: 'example.com', version: 'v1', kind: 'Thing', type: undefined }],
]);
const kinds: PolicyKinds = {
  ofResource: (group, version, plural) => all.get(`${group}/${version}/${plural}`),
  ofKind: (apiVersion, name) => (apiVersion === 'v1' && name === 'ConfigMap' ? configMaps : undefined),
};

const rule = (apiGroups: readonly string[], resources: readonly string[], apiVersions = ['v1']) => ({
  ...{ apiGroups: [...apiGroups], resources: [...resources], apiVersions, operations: ['*'] },
});
const policy = (spec: object): ValidatingAdmissionPolicy =>
  ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: { matchConstraints: { resourceRules: [rule(['apps'], ['deployments'])] }, ...spec },
  }) as ValidatingAdmissionPolicy;
const warningsOf = (expression: string, more: object = {}) =>
  policyWarnings(policy({ validations: [{ expression }], ...more }), kinds);

const unknownField = (name: string): string =>
  `${name}: ERROR: <input>:1:7: undefined field 'nope'\n | object.nope == 1\n | ......^\n`;

describe('warnings of a policy', () => {
  it('tell what an object does not have, for each kind', () => {
    const resourceRules = [rule(['apps', ''], ['deployments', 'configmaps'])];
    expect(warningsOf('object.nope == 1', { matchConstraints: { resourceRules } })).toEqual([
      {
        fieldRef: 'spec.validations[0].expression',
        warning: `${unknownField('/v1, Kind=ConfigMap')}\n${unknownField('apps/v1, Kind=Deployment')}`,
      },
    ]);
  });

  it('tell of messages, too', () => {
    const validations = [{ expression: 'true' }, { expression: 'true', messageExpression: 'object.nope' }];
    const [warning] = policyWarnings(policy({ validations }), kinds);
    expect(warning?.fieldRef).toBe('spec.validations[1].messageExpression');
  });

  it.each([
    ['what fits', 'object.spec.replicas > 1 && oldObject == null', {}],
    ['variables that fit', 'variables.n > 1', { variables: [{ name: 'n', expression: 'object.spec.replicas' }] }],
    ['parameters that fit', "params.data['a'] == 'b'", { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } }],
    ['parameters of a kind that nobody knows', 'params.any', { paramKind: { apiVersion: 'x/v1', kind: 'Y' } }],
    ['what admission adds', "request.operation == 'CREATE' && namespaceObject.metadata.name != ''", {}],
    ['whom the authorizer knows', "authorizer.group('').resource('pods').check('get').allowed()", {}],
    ['all groups', 'object.nope', { matchConstraints: { resourceRules: [rule(['*'], ['deployments'])] } }],
    ['all versions', 'object.nope', { matchConstraints: { resourceRules: [rule(['apps'], ['deployments'], ['*'])] } }],
    ['subresources', 'object.nope', { matchConstraints: { resourceRules: [rule(['apps'], ['deployments/scale'])] } }],
    [
      'kinds without a type',
      'object.nope',
      { matchConstraints: { resourceRules: [rule(['example.com'], ['things'])] } },
    ],
  ])('are silent about %s', (_, expression, more) => {
    expect(warningsOf(expression, more)).toEqual([]);
  });

  it.each([
    [
      'a variable that does not fit',
      "variables.n == 'x'",
      { variables: [{ name: 'n', expression: 'object.spec.replicas' }] },
    ],
    ['a variable that is not there', 'variables.n == 1', {}],
    ['parameters without a kind', 'params.a == 1', {}],
    ['parameters that do not have it', 'params.nope == 1', { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } }],
  ])('tell of %s', (_, expression, more) => {
    expect(warningsOf(expression, more)).toHaveLength(1);
  });
});
