import { newRig, type Answer, type Rig } from '../../registry/testing/rig';
import { testAdmission } from '../testing';

const group = '/apis/admissionregistration.k8s.io/v1';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const configMaps = '/api/v1/namespaces/default/configmaps';

const rulesFor = (apiGroup: string, resource: string) => ({
  resourceRules: [{ apiGroups: [apiGroup], apiVersions: ['*'], resources: [resource], operations: ['*'] }],
});

type Policies = Readonly<Record<string, object>>;

/** A cluster where each of the policies is bound. */
async function withPolicies(policies: Policies, binding: object = {}): Promise<Rig> {
  const bare = newRig();
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'default', labels: { team: 'a' } } } });
  for (const [name, policy] of Object.entries(policies)) {
    const spec = { matchConstraints: rulesFor('', 'configmaps'), reinvocationPolicy: 'Never', ...policy };
    const bound = { policyName: name, ...binding };
    const answers = [
      await bare.ask(`POST ${group}/mutatingadmissionpolicies`, { body: { metadata: { name }, spec } }),
      await bare.ask(`POST ${group}/mutatingadmissionpolicybindings`, { body: { metadata: { name }, spec: bound } }),
    ];
    for (const { status, body } of answers) if (status !== 201) throw new Error(JSON.stringify(body));
  }
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission(bare) });
}

const applying = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patching = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const map = (name = 'x', metadata: object = {}) => ({ metadata: { name, ...metadata }, data: { a: '1' } });
const told = ({ body }: Answer): string =>
  `${(body as { code: number }).code} ${(body as { reason: string }).reason} ${(body as { message: string }).message}`;

describe('MutatingAdmissionPolicy', () => {
  it.each([
    ['applies a configuration', applying('Object{metadata: Object.metadata{labels: {"b": "2"}}}')],
    ['applies a patch', patching('[JSONPatch{op: "add", path: "/metadata/labels/b", value: "2"}]')],
  ])('%s', async (_, mutation) => {
    const cluster = await withPolicies({ p: { mutations: [mutation] } });
    const { body } = await cluster.ask(`POST ${configMaps}`, { body: map('x', { labels: { a: '1' } }) });
    expect(body.metadata.labels).toEqual({ a: '1', b: '2' });
    expect(body.data).toEqual({ a: '1' });
    expect(JSON.stringify(body.metadata.managedFields)).not.toContain('f:b');
  });

  it('merges containers by their names', async () => {
    const expression = `Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{
      containers: [Object.spec.template.spec.containers{name: "side", image: "s"}]}}}}`;
    const policy = { matchConstraints: rulesFor('apps', 'deployments'), mutations: [applying(expression)] };
    const cluster = await withPolicies({ p: policy });
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { selector: { matchLabels: { a: 'b' } }, template };
    const { body } = await cluster.ask(`POST ${deployments}`, { body: { metadata: { name: 'd' }, spec } });
    expect(body.spec.template.spec.containers).toMatchObject([
      { name: 'c', image: 'i' },
      { name: 'side', image: 's', imagePullPolicy: 'Always' },
    ]);
  });

  it('runs mutations one after the other, and knows variables, parameters and the namespace', async () => {
    const policy = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      variables: [{ name: 'team', expression: "namespaceObject.metadata.labels['team']" }],
      mutations: [
        applying('Object{metadata: Object.metadata{labels: {"team": variables.team}}}'),
        applying('Object{data: {"made": object.metadata.labels["team"] + params.data.a}}'),
      ],
    };
    const paramRef = { name: 'params', namespace: 'default', parameterNotFoundAction: 'Deny' };
    const cluster = await withPolicies({ p: policy }, { paramRef });
    const missing = await cluster.ask(`POST ${configMaps}`, { body: map('params') });
    expect(told(missing)).toBe(
      "403 Forbidden policy 'p' with binding 'p' denied request: failed to configure binding: " +
        'no params found for policy binding with `Deny` parameterNotFoundAction',
    );
    await newRig({ store: cluster.store, clock: cluster.clock }).ask(`POST ${configMaps}`, { body: map('params') });
    const { body } = await cluster.ask(`POST ${configMaps}`, { body: map() });
    expect(body).toMatchObject({ metadata: { labels: { team: 'a' } }, data: { a: '1', made: 'a1' } });
  });

  it('is asked again about what came later, if it wants that', async () => {
    const count = '[JSONPatch{op: "add", path: "/data/seen", value: string(object.data.size())}]';
    const add = applying('Object{data: {"b": "2"}}');
    const cluster = await withPolicies({
      a: { reinvocationPolicy: 'IfNeeded', mutations: [patching(count)] },
      b: { mutations: [add] },
    });
    const { body } = await cluster.ask(`POST ${configMaps}`, { body: map() });
    expect(body.data).toEqual({ a: '1', b: '2', seen: '3' });
  });

  it.each<[string, object, string]>([
    [
      'an expression that fails',
      applying('Object{data: {"b": object.data.nope}}'),
      `expression 'Object{data: {"b": object.data.nope}}' resulted in error: no such key: nope`,
    ],
    [
      'a list that would be replaced',
      applying('Object{metadata: Object.metadata{labels: {"a": "b"}, ownerReferences: []}, bogus: 1}'),
      'error applying patch: ',
    ],
    [
      'a patch that does not apply',
      patching('[JSONPatch{op: "remove", path: "/nope"}]'),
      "JSON Patch: error in remove for path: '/nope': Unable to remove nonexistent key: nope: missing value",
    ],
    [
      'a type of another place',
      applying('Object{metadata: Object.spec{labels: {"b": "2"}}}'),
      'type mismatch: unexpected type name "Object.spec", expected "Object.metadata", which matches field name path from root Object type',
    ],
    [
      'a value that does not fit',
      applying('Object{data: Object.data{a: 1}}'),
      'error applying patch: failed to convert patch object to typed object: .data.a: expected string, got &value.valueUnstructured{Value:1}',
    ],
  ])('refuses with %s, unless that is to be ignored', async (_, mutation, why) => {
    for (const [failurePolicy, status] of [
      ['Fail', 403],
      ['Ignore', 201],
    ] as const) {
      const cluster = await withPolicies({ p: { failurePolicy, mutations: [mutation] } });
      const answer = await cluster.ask(`POST ${configMaps}`, { body: map() });
      expect(answer.status).toBe(status);
      if (status === 403)
        expect(told(answer)).toContain(`403 Invalid policy 'p' with binding 'p' denied request: ${why}`);
    }
  });

  it('does not patch what its test does not fit, and makes nothing of another kind', async () => {
    const untested = patching(
      '[JSONPatch{op: "test", path: "/data/a", value: "z"}, JSONPatch{op: "remove", path: "/data"}]',
    );
    const unchanged = await withPolicies({ p: { mutations: [untested] } });
    expect((await unchanged.ask(`POST ${configMaps}`, { body: map() })).body.data).toEqual({ a: '1' });
    const other = await withPolicies({
      p: { mutations: [patching('[JSONPatch{op: "replace", path: "/kind", value: "Secret"}]')] },
    });
    expect((await other.ask(`POST ${configMaps}`, { body: map() })).status).toBe(500);
  });

  it('decides whom it concerns before anything is changed', async () => {
    const label = applying('Object{metadata: Object.metadata{labels: {"a": "b"}}}');
    const objectSelector = { matchLabels: { a: 'b' } };
    const later = {
      matchConstraints: { ...rulesFor('', 'configmaps'), objectSelector },
      mutations: [applying('Object{data: {"b": "2"}}')],
    };
    const cluster = await withPolicies({ p: { mutations: [label] }, q: later });
    const { body } = await cluster.ask(`POST ${configMaps}`, { body: map() });
    expect([body.metadata.labels, body.data]).toEqual([{ a: 'b' }, { a: '1' }]);
  });

  it('leaves alone what its conditions exclude', async () => {
    const policy = {
      matchConditions: [{ name: 'c', expression: "request.operation == 'UPDATE'" }],
      mutations: [applying('Object{data: {"b": "2"}}')],
    };
    const cluster = await withPolicies({ p: policy });
    expect((await cluster.ask(`POST ${configMaps}`, { body: map() })).body.data).toEqual({ a: '1' });
    expect((await cluster.ask(`PUT ${configMaps}/x`, { body: map() })).body.data).toEqual({ a: '1', b: '2' });
  });
});
