import { startTestServer, type Answered, type TestServer } from '../../testing/server';

const registration = '/apis/admissionregistration.k8s.io/v1';
const claims = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const rules = [
    { apiGroups: ['admissionregistration.k8s.io'], resources: ['*'], verbs: ['*'] },
    { apiGroups: ['resource.k8s.io'], resources: ['resourceclaims', 'resourceclaims/status'], verbs: ['*'] },
  ];
  const subject = { kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'jane' };
  const group = '/apis/rbac.authorization.k8s.io/v1';
  await server.ask(`POST ${group}/clusterroles`, { body: { metadata: { name: 'jane' }, rules } });
  await server.ask(`POST ${group}/clusterrolebindings`, {
    body: { metadata: { name: 'jane' }, roleRef, subjects: [subject] },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const jane = { token: 'jane-token' };
const told = ({ status, body }: Answered): readonly unknown[] => {
  const { causes } = (body as { details?: { causes?: { field: string; message: string }[] } }).details ?? {};
  return [status, ...(causes ?? []).map(({ field, message }) => `${field}: ${message}`)];
};
const shown = '&{jane  [devs system:authenticated] map[]}';

const policy = (paramKind?: object) => ({
  metadata: { name: 'p' },
  spec: {
    ...(paramKind && { paramKind }),
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] }],
    },
    validations: [{ expression: 'true' }],
  },
});
const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
const binding = (policyName: string, paramRef: object) => ({
  metadata: { name: 'b' },
  spec: { policyName, validationActions: ['Deny'], paramRef: { parameterNotFoundAction: 'Deny', ...paramRef } },
});

describe('whoever has a policy look at parameters', () => {
  it('has to be able to read all of their kind', async () => {
    const path = `POST ${registration}/validatingadmissionpolicies?dryRun=All`;
    expect(told(await server.ask(path, { ...jane, body: policy(paramKind) }))).toEqual([
      422,
      `spec.paramKind: Forbidden: user ${shown} must have "get" permission on all objects of the referenced paramKind (kind=ConfigMap, apiVersion=v1)`,
    ]);
    expect(told(await server.ask(path, { ...jane, body: policy() }))).toEqual([201]);
    expect(told(await server.ask(path, { body: policy(paramKind) }))).toEqual([201]);
  });

  it.each([
    [
      'of a policy that is not there',
      'none',
      { name: 'x', namespace: 'default' },
      `unable to get policy none to determine minimum required permissions and user ${shown} does not have "get" permission for all groups, versions and resources`,
    ],
    [
      'that are named',
      'known',
      { name: 'x', namespace: 'default' },
      `user ${shown} does not have "get" permission on the object referenced by paramRef`,
    ],
    [
      'that are selected',
      'known',
      { selector: {}, namespace: 'default' },
      `user ${shown} does not have "list" permission on the object referenced by paramRef`,
    ],
  ])('has to be able to read those %s', async (_, policyName, paramRef, message) => {
    const known = { ...policy(paramKind), metadata: { name: 'known' } };
    await server.ask(`POST ${registration}/validatingadmissionpolicies`, { body: known });
    const path = `POST ${registration}/validatingadmissionpolicybindings?dryRun=All`;
    const body = binding(policyName, paramRef);
    expect(told(await server.ask(path, { ...jane, body }))).toEqual([422, `spec.paramRef: Forbidden: ${message}`]);
    expect(told(await server.ask(path, { body }))).toEqual([201]);
  });
});

const claim = (name: string, exactly: object = {}) => ({
  metadata: { name },
  spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'd', ...exactly } }] } },
});

describe('a claim of devices', () => {
  it('has admin access only where the namespace is marked for that', async () => {
    const body = claim('admin', { adminAccess: true });
    expect(told(await server.ask(`POST ${claims}`, { body }))).toEqual([
      422,
      'spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
    ]);
    const labels = { 'resource.kubernetes.io/admin-access': 'true' };
    await server.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'admins', labels } } });
    const path = '/apis/resource.k8s.io/v1/namespaces/admins/resourceclaims';
    expect(told(await server.ask(`POST ${path}`, { body }))).toEqual([201]);
  });

  it('is allocated, and told of, by those who may do just that', async () => {
    await server.ask(`POST ${claims}`, { body: claim('plain') });
    const device = { driver: 'dr.example.com', pool: 'p', device: 'd' };
    const status = { allocation: { devices: { results: [{ request: 'r', ...device }] } }, devices: [device] };
    const question = { body: { status }, headers: { 'content-type': 'application/merge-patch+json' } };
    const refused = 'permission: resourceclaims.resource.k8s.io';
    expect(told(await server.ask(`PATCH ${claims}/plain/status`, { ...jane, ...question }))).toEqual([
      422,
      `status.allocation: Forbidden: changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="patch" ${refused} is forbidden: User "jane" cannot patch resource "resourceclaims/binding" in API group "resource.k8s.io" at the cluster scope`,
      `status.devices: Forbidden: changing status.devices requires resource="resourceclaims/driver", verb="[arbitrary-node:patch]" ${refused} "dr.example.com" is forbidden: User "jane" cannot arbitrary-node:patch resource "resourceclaims/driver" in API group "resource.k8s.io" in the namespace "default"`,
    ]);
    expect(told(await server.ask(`PATCH ${claims}/plain/status`, question))).toEqual([200]);
  });
});
