import { newMetrics } from '@kubephant/base';
import { newRig, type Answer, type Rig } from '../../registry/testing/rig';
import { newAdmissionMetrics } from '../metrics/metrics';
import { testAdmission } from '../testing';

const group = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';

const matchConstraints = {
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] }],
};

interface Setting {
  readonly policy: object;
  readonly binding?: object;
}

/** A cluster where one policy is bound. */
async function withPolicy({ policy, binding = {} }: Setting): Promise<Rig> {
  const bare = newRig();
  for (const [name, labels] of [
    ['default', { team: 'a' }],
    ['params', {}],
  ] as const) {
    await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name, labels } } });
  }
  for (const [name, max] of [
    ['small', '2'],
    ['large', '5'],
  ] as const) {
    const body = { metadata: { name, labels: { limits: name } }, data: { max } };
    await bare.ask('POST /api/v1/namespaces/params/configmaps', { body });
  }
  const bound = { policyName: 'p', validationActions: ['Deny'], ...binding };
  const answers = [
    await bare.ask(`POST ${group}/validatingadmissionpolicies`, {
      body: { metadata: { name: 'p' }, spec: { matchConstraints, ...policy } },
    }),
    await bare.ask(`POST ${group}/validatingadmissionpolicybindings`, {
      body: { metadata: { name: 'b' }, spec: bound },
    }),
  ];
  for (const { status, body } of answers) if (status !== 201) throw new Error(JSON.stringify(body));
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission(bare) });
}

const map = (data: object = {}, name = 'x') => ({ metadata: { name }, data });
const told = ({ body }: Answer): string =>
  `${(body as { code: number }).code} ${(body as { reason: string }).reason} ${(body as { message: string }).message}`;
const denied = (why: string): string =>
  `configmaps "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${why}`;

const isSmall = { expression: 'object.data.size() <= 1' };
const two = map({ a: '1', b: '2' });

describe('ValidatingAdmissionPolicy', () => {
  it.each<[string, object, string]>([
    ['the expression', isSmall, `422 Invalid ${denied('failed expression: object.data.size() <= 1')}`],
    ['the message', { ...isSmall, message: 'too large' }, `422 Invalid ${denied('too large')}`],
    [
      'a made message',
      { ...isSmall, message: 'too large', messageExpression: "'has ' + string(object.data.size())" },
      `422 Invalid ${denied('has 2')}`,
    ],
    [
      'the message where none can be made',
      { ...isSmall, message: 'too large', messageExpression: "object.nope == '' ? 'a' : 'b'" },
      `422 Invalid ${denied('too large')}`,
    ],
    [
      'the reason',
      { ...isSmall, reason: 'Forbidden' },
      `403 Forbidden ${denied('failed expression: object.data.size() <= 1')}`,
    ],
  ])('denies with %s', async (_, validation, message) => {
    const cluster = await withPolicy({ policy: { validations: [validation] } });
    const answer = await cluster.ask(`POST ${configMaps}`, { body: two });
    expect(told(answer)).toBe(message);
    expect(answer.body.details).toEqual({
      name: 'x',
      kind: 'configmaps',
      causes: [{ message: message.slice(message.indexOf('ValidatingAdmissionPolicy')) }],
    });
    expect((await cluster.ask(`POST ${configMaps}`, { body: map({ a: '1' }) })).status).toBe(201);
  });

  it.each<[string, readonly string[], number, readonly string[]]>([
    [
      'warns',
      ['Warn'],
      201,
      [
        "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.data.size() <= 1",
      ],
    ],
    ['keeps silent', ['Audit'], 201, []],
  ])('%s where the binding says so', async (_, validationActions, status, warnings) => {
    const cluster = await withPolicy({ policy: { validations: [isSmall] }, binding: { validationActions } });
    const answer = await cluster.ask(`POST ${configMaps}`, { body: two });
    expect({ status: answer.status, warnings: answer.warnings }).toEqual({ status, warnings });
  });

  it.each([
    ['Fail', 422],
    ['Ignore', 201],
  ])('with failurePolicy %s answers %d where an expression fails', async (failurePolicy, status) => {
    const policy = { failurePolicy, validations: [{ expression: 'object.data.nope == "1"' }] };
    const cluster = await withPolicy({ policy });
    const answer = await cluster.ask(`POST ${configMaps}`, { body: two });
    expect(answer.status).toBe(status);
    const why = `expression 'object.data.nope == "1"' resulted in error: no such key: nope`;
    if (status === 422) expect(told(answer)).toBe(`422 Invalid ${denied(why)}`);
  });

  it('knows variables, each by those before it, and the namespace', async () => {
    const policy = {
      variables: [
        { name: 'team', expression: "namespaceObject.metadata.labels['team']" },
        { name: 'expected', expression: "variables.team + '-'" },
      ],
      validations: [
        { expression: 'object.metadata.name.startsWith(variables.expected)', messageExpression: 'variables.expected' },
      ],
    };
    const cluster = await withPolicy({ policy });
    expect(told(await cluster.ask(`POST ${configMaps}`, { body: map() }))).toBe(`422 Invalid ${denied('a-')}`);
    expect((await cluster.ask(`POST ${configMaps}`, { body: map({}, 'a-x') })).status).toBe(201);
  });

  it('is about deletions, too, and who asks', async () => {
    const policy = {
      validations: [{ expression: "request.operation != 'DELETE' || request.userInfo.username == 'root'" }],
    };
    const cluster = await withPolicy({ policy });
    await cluster.ask(`POST ${configMaps}`, { body: map() });
    expect((await cluster.ask(`DELETE ${configMaps}/x`)).status).toBe(422);
    expect((await cluster.ask(`DELETE ${configMaps}/x`, { user: 'root' })).status).toBe(200);
  });

  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const withMax = { paramKind, validations: [{ expression: 'object.data.size() < int(params.data.max)' }] };
  const namespace = 'params';

  it.each<[string, object, number]>([
    ['named parameters that forbid it', { name: 'small', namespace, parameterNotFoundAction: 'Deny' }, 422],
    ['named parameters that allow it', { name: 'large', namespace, parameterNotFoundAction: 'Deny' }, 201],
    ['selected parameters of which one forbids it', { selector: {}, namespace, parameterNotFoundAction: 'Deny' }, 422],
    [
      'selected parameters that allow it',
      { selector: { matchLabels: { limits: 'large' } }, namespace, parameterNotFoundAction: 'Deny' },
      201,
    ],
    ['missing parameters that may be missing', { name: 'none', namespace, parameterNotFoundAction: 'Allow' }, 201],
  ])('has an answer for %s', async (_, paramRef, status) => {
    const cluster = await withPolicy({ policy: withMax, binding: { paramRef } });
    expect((await cluster.ask(`POST ${configMaps}`, { body: two })).status).toBe(status);
  });

  it('refuses where parameters are missing that must be there', async () => {
    const paramRef = { name: 'none', namespace, parameterNotFoundAction: 'Deny' };
    const cluster = await withPolicy({ policy: withMax, binding: { paramRef } });
    const why = 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction';
    expect(told(await cluster.ask(`POST ${configMaps}`, { body: two }))).toBe(`422 Invalid ${denied(why)}`);
  });

  it.each<[string, Setting]>([
    [
      'match conditions',
      { policy: { validations: [isSmall], matchConditions: [{ name: 'c', expression: "request.name == 'y'" }] } },
    ],
    [
      'names',
      {
        policy: {
          validations: [isSmall],
          matchConstraints: { resourceRules: [{ ...matchConstraints.resourceRules[0], resourceNames: ['y'] }] },
        },
      },
    ],
    [
      'exclusions',
      {
        policy: {
          validations: [isSmall],
          matchConstraints: { ...matchConstraints, excludeResourceRules: matchConstraints.resourceRules },
        },
      },
    ],
    [
      'the namespaces of a binding',
      {
        policy: { validations: [isSmall] },
        binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'b' } } } },
      },
    ],
  ])('is narrowed by %s', async (_, setting) => {
    const cluster = await withPolicy(setting);
    expect((await cluster.ask(`POST ${configMaps}`, { body: two })).status).toBe(201);
  });

  it('refuses where its parameters are of a kind that nobody serves, unless that is to be ignored', async () => {
    const paramRef = { name: 'x', parameterNotFoundAction: 'Deny' };
    const policy = {
      paramKind: { apiVersion: 'no.example.com/v1', kind: 'Nope' },
      validations: [{ expression: 'true' }],
    };
    const cluster = await withPolicy({ policy, binding: { paramRef } });
    expect(told(await cluster.ask(`POST ${configMaps}`, { body: map() }))).toBe(
      `422 Invalid configmaps "x" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'no.example.com/v1, Kind=Nope'`,
    );
    const open = await withPolicy({ policy: { ...policy, failurePolicy: 'Ignore' }, binding: { paramRef } });
    expect((await open.ask(`POST ${configMaps}`, { body: map() })).status).toBe(201);
  });

  it.each([
    ['Fail', ['Warn'], 422],
    ['Ignore', ['Deny'], 201],
  ])(
    'with failurePolicy %s and actions %j answers %d where an annotation fails',
    async (failurePolicy, actions, status) => {
      const auditAnnotations = [{ key: 'k', valueExpression: 'string(object.data.nope)' }];
      const policy = { failurePolicy, auditAnnotations };
      const cluster = await withPolicy({ policy, binding: { validationActions: actions } });
      expect((await cluster.ask(`POST ${configMaps}`, { body: map() })).status).toBe(status);
    },
  );

  it('sees no namespace around a namespace', async () => {
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['namespaces'], operations: ['*'] }];
    const policy = {
      matchConstraints: { resourceRules: rules },
      validations: [{ expression: "namespaceObject == null && request.namespace == 'other'" }],
    };
    const cluster = await withPolicy({ policy });
    expect((await cluster.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'other' } } })).status).toBe(201);
  });

  it('is counted, with what it does', async () => {
    const metrics = newMetrics();
    const bare = await withPolicy({
      policy: { validations: [isSmall] },
      binding: { validationActions: ['Warn', 'Audit'] },
    });
    const admission = testAdmission({ ...bare, metrics: newAdmissionMetrics(metrics) });
    await newRig({ store: bare.store, clock: bare.clock, admission }).ask(`POST ${configMaps}`, { body: two });
    const text = await metrics.registry.metrics();
    const labels = 'policy="p",policy_binding="b",error_type="invalid_error"';
    for (const action of ['warn', 'audit']) {
      expect(text).toContain(
        `apiserver_validating_admission_policy_check_total{${labels},enforcement_action="${action}"} 1`,
      );
    }
    expect(text).toContain('apiserver_validating_admission_policy_check_duration_seconds_bucket{policy="p"');
  });

  it('stops what costs too much', async () => {
    const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${index}`, 'v']));
    const nested = 'object.data.all(a, object.data.all(b, object.data.all(c, a + b + c != "")))';
    const cluster = await withPolicy({ policy: { validations: [{ expression: nested }] } });
    const answer = await cluster.ask(`POST ${configMaps}`, { body: map(many) });
    expect(told(answer)).toMatch(/^422 Invalid .*actual cost limit exceeded$/);
  });
});
