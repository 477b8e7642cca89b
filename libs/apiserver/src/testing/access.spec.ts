import { startTestServer, until, type Question, type TestServer } from './server';

let server: TestServer;
let weak = '';
beforeAll(async () => {
  server = await startTestServer();
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await server.ask(`POST ${accounts}`, { body: { metadata: { name: 'weak' } } });
  const { body } = await server.ask(`POST ${accounts}/weak/token`, { body: { spec: { expirationSeconds: 600 } } });
  weak = body.status.token;
});
afterAll(() => server[Symbol.asyncDispose]());

const configMaps = '/api/v1/namespaces/default/configmaps';
const message = async (request: string, question: Question = {}): Promise<readonly unknown[]> => {
  const { status, body } = await server.ask(request, question);
  return [status, (body.message ?? body.kind ?? body) as unknown];
};
const anonymous = 'User "system:anonymous" cannot';

describe('without credentials', () => {
  it.each([
    ['GET /', 403, `forbidden: ${anonymous} get path "/"`],
    ['GET /api', 403, `forbidden: ${anonymous} get path "/api"`],
    ['GET /metrics', 403, `forbidden: ${anonymous} get path "/metrics"`],
    ['GET /healthz', 200, 'ok'],
    ['GET /livez', 200, 'ok'],
    ['GET /healthz/ping', 403, `forbidden: ${anonymous} get path "/healthz/ping"`],
    ['GET /openid/v1/jwks', 403, `forbidden: ${anonymous} get path "/openid/v1/jwks"`],
    ['GET /nope', 403, `forbidden: ${anonymous} get path "/nope"`],
    [
      `GET ${configMaps}`,
      403,
      `configmaps is forbidden: ${anonymous} list resource "configmaps" in API group "" in the namespace "default"`,
    ],
    [
      `GET ${configMaps}/x`,
      403,
      `configmaps "x" is forbidden: ${anonymous} get resource "configmaps" in API group "" in the namespace "default"`,
    ],
    [
      'GET /api/v1/nodes/x',
      403,
      `nodes "x" is forbidden: ${anonymous} get resource "nodes" in API group "" at the cluster scope`,
    ],
    [
      'GET /apis/nope/v1/x',
      403,
      `x.nope is forbidden: ${anonymous} list resource "x" in API group "nope" at the cluster scope`,
    ],
    [
      `GET ${configMaps}?watch=1`,
      403,
      `configmaps is forbidden: ${anonymous} watch resource "configmaps" in API group "" in the namespace "default"`,
    ],
  ])('%s', async (request, status, expected) => {
    await expect(message(request, { token: null })).resolves.toEqual([status, expected]);
  });

  it('the version can be read', async () => {
    expect((await server.ask('GET /version', { token: null })).body).toMatchObject({ major: '1', minor: '36' });
  });
});

describe('credentials', () => {
  it.each([
    ['a bad bearer token', 'Bearer nope', 401, 'Unauthorized'],
    ['an empty bearer token', 'Bearer ', 403, expect.stringContaining('system:anonymous')],
    ['a lower-case scheme', 'bearer admin-token', 200, 'ConfigMapList'],
    ['basic authentication', 'Basic YTpi', 403, expect.stringContaining('system:anonymous')],
    ['an unknown scheme', 'Frob x', 403, expect.stringContaining('system:anonymous')],
    ['a malformed JWT', 'Bearer a.b.c', 401, 'Unauthorized'],
  ])('%s', async (_, authorization, status, expected) => {
    await expect(message(`GET ${configMaps}`, { token: null, headers: { authorization } })).resolves.toEqual([
      status,
      expected,
    ]);
  });

  it('two spaces before the token get a warning and no access', async () => {
    const headers = { authorization: 'Bearer  admin-token' };
    const answer = await server.ask(`GET ${configMaps}`, { token: null, headers });
    const text = 'the provided Authorization header contains extra space before the bearer token, and is ignored';
    expect([answer.status, answer.headers['warning']]).toEqual([403, [`299 - "${text}"`]]);
  });

  it('a tampered token is refused', async () => {
    const [head, , signature] = weak.split('.');
    const claims = { sub: 'system:serviceaccount:kube-system:admin', iss: 'https://kubernetes.default.svc' };
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    await expect(message(`GET ${configMaps}`, { token: forged })).resolves.toEqual([401, 'Unauthorized']);
  });

  it('a certificate names its holder and groups', async () => {
    const certificate = { commonName: 'jane', organizations: ['devs'] };
    const review = await server.ask('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {
      certificate,
      body: {},
    });
    expect(review.body.status.userInfo).toEqual({ username: 'jane', groups: ['devs', 'system:authenticated'] });
  });
});

describe('a service account', () => {
  const me = 'User "system:serviceaccount:default:weak" cannot';
  it.each([
    ['GET /api/v1', 200, 'APIResourceList'],
    ['GET /healthz', 200, 'ok'],
    [
      `GET ${configMaps}`,
      403,
      `configmaps is forbidden: ${me} list resource "configmaps" in API group "" in the namespace "default"`,
    ],
    [
      `POST ${configMaps}`,
      403,
      `configmaps is forbidden: ${me} create resource "configmaps" in API group "" in the namespace "default"`,
    ],
    [
      `DELETE ${configMaps}`,
      403,
      `configmaps is forbidden: ${me} deletecollection resource "configmaps" in API group "" in the namespace "default"`,
    ],
    [
      'GET /api/v1/namespaces/default/pods/x/log',
      403,
      `pods "x" is forbidden: ${me} get resource "pods/log" in API group "" in the namespace "default"`,
    ],
    [
      'GET /apis/apps/v1/namespaces/default/deployments/x/scale',
      403,
      `deployments.apps "x" is forbidden: ${me} get resource "deployments/scale" in API group "apps" in the namespace "default"`,
    ],
    [
      'GET /api/v1/namespaces/default',
      403,
      `namespaces "default" is forbidden: ${me} get resource "namespaces" in API group "" in the namespace "default"`,
    ],
    [
      'POST /api/v1/namespaces',
      403,
      `namespaces is forbidden: ${me} create resource "namespaces" in API group "" at the cluster scope`,
    ],
  ])('%s', async (request, status, expected) => {
    await expect(
      message(request, { token: weak, ...(request.startsWith('POST') && { body: '{bad json' }) }),
    ).resolves.toEqual([status, expected]);
  });

  it('knows who it is', async () => {
    const { body } = await server.ask('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {
      token: weak,
      body: {},
    });
    expect(body.status.userInfo).toEqual({
      username: 'system:serviceaccount:default:weak',
      uid: expect.any(String) as string,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=[0-9a-f-]{36}$/)] },
    });
  });

  it('gets rights from a binding, and loses them with it', async () => {
    const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const subjects = [{ kind: 'ServiceAccount', name: 'weak', namespace: 'default' }];
    await server.ask(`POST ${bindings}`, { body: { metadata: { name: 'v' }, roleRef, subjects } });
    await until(async () => (await server.ask(`GET ${configMaps}`, { token: weak })).status === 200);
    for (const denied of ['default/secrets', 'kube-system/configmaps']) {
      expect((await server.ask(`GET /api/v1/namespaces/${denied}`, { token: weak })).status).toBe(403);
    }
    await server.ask(`DELETE ${bindings}/v`);
    await until(async () => (await server.ask(`GET ${configMaps}`, { token: weak })).status === 403);
  });
});

describe('impersonation', () => {
  const whoami = async (headers: Record<string, string>): Promise<readonly unknown[]> => {
    const { status, body } = await server.ask('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {
      headers,
      body: {},
    });
    return [status, (body.status.userInfo ?? body.message) as unknown];
  };
  it.each([
    [{ 'Impersonate-User': 'bob' }, { username: 'bob', groups: ['system:authenticated'] }],
    [
      { 'Impersonate-User': 'bob', 'Impersonate-Group': 'g' },
      { username: 'bob', groups: ['g', 'system:authenticated'] },
    ],
    [
      { 'Impersonate-User': 'bob', 'Impersonate-Extra-Foo%2Fbar': '1' },
      { username: 'bob', groups: ['system:authenticated'], extra: { 'foo/bar': ['1'] } },
    ],
    [
      { 'Impersonate-User': 'system:serviceaccount:default:default' },
      {
        username: 'system:serviceaccount:default:default',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      },
    ],
    [
      { 'Impersonate-User': 'system:node:n1', 'Impersonate-Group': 'system:nodes' },
      { username: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] },
    ],
    [
      { 'Impersonate-User': '', 'Impersonate-Foo': 'x' },
      { username: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] },
    ],
  ])('as %j', async (headers, userInfo) => {
    await expect(whoami(headers as Record<string, string>)).resolves.toEqual([201, userInfo]);
  });

  const nobody = 'without impersonating a user name';
  it.each([
    [
      { 'Impersonate-Group': 'g' },
      `requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g"}, Extra:map[string][]string(nil)} ${nobody}`,
    ],
    [
      { 'Impersonate-Uid': '1' },
      `requested &user.DefaultInfo{Name:"", UID:"1", Groups:[]string(nil), Extra:map[string][]string(nil)} ${nobody}`,
    ],
    [
      { 'Impersonate-Extra-Foo': '1' },
      `requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string(nil), Extra:map[string][]string{"foo":[]string{"1"}}} ${nobody}`,
    ],
  ])('%j alone is no user', async (headers, text) => {
    await expect(message(`GET ${configMaps}`, { headers: headers })).resolves.toEqual([400, text]);
  });

  it.each([
    [{ 'Impersonate-User': 'bob' }, 'cannot impersonate-on:user-info:list resource "configmaps"'],
    [
      { 'Impersonate-User': 'system:serviceaccount:default:default' },
      'cannot impersonate-on:serviceaccount:list resource "configmaps"',
    ],
    [
      { 'Impersonate-User': 'system:node:n1' },
      'users "system:node:n1" is forbidden: User "system:serviceaccount:default:weak" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
  ])('is refused to those without the right: %j', async (headers, text) => {
    const refused = await message(`GET ${configMaps}`, { token: weak, headers: headers });
    expect(refused).toEqual([403, expect.stringContaining(text)]);
  });
});

describe('a kubelet', () => {
  const certificate = { commonName: 'system:node:n1', organizations: ['system:nodes'] };
  const pods = '/api/v1/namespaces/default/pods';
  beforeAll(async () => {
    await server.ask('POST /api/v1/nodes', { body: { metadata: { name: 'n1' } } });
    await server.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
    for (const name of ['mine', 'other']) {
      await server.ask('POST /api/v1/namespaces/default/secrets', { body: { metadata: { name } } });
    }
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'mine', key: 'k' } } }];
    const spec = { nodeName: 'n1', containers: [{ name: 'c', image: 'i', env }] };
    await server.ask(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec } });
  });

  const node = "no relationship found between node 'n1' and this object";
  it.each([
    ['GET /api/v1/nodes/n1', 200, 'Node'],
    ['GET /api/v1/nodes/n2', 403, "node 'n1' cannot read 'n2', only its own Node object"],
    ['GET /api/v1/nodes', 403, "node 'n1' cannot read all nodes, only its own Node object"],
    [`GET ${pods}/p`, 200, 'Pod'],
    ['GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1', 200, 'PodList'],
    ['GET /api/v1/pods', 403, 'can only list/watch pods with spec.nodeName field selector'],
    ['GET /api/v1/namespaces/default/secrets/mine', 200, 'Secret'],
    ['GET /api/v1/namespaces/default/secrets?fieldSelector=metadata.name%3Dmine', 200, 'SecretList'],
    ['GET /api/v1/namespaces/default/secrets/other', 403, node],
    ['GET /api/v1/namespaces/default/secrets', 403, 'No Object name found'],
    ['DELETE /api/v1/namespaces/default/secrets/mine', 403, 'can only read resources of this type'],
    [
      'GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n2',
      403,
      'can only access node lease with the same name as the requesting node',
    ],
    [
      'GET /apis/coordination.k8s.io/v1/namespaces/default/leases/n1',
      403,
      'can only access leases in the "kube-node-lease" system namespace',
    ],
    ['GET /api/v1/services', 200, 'ServiceList'],
    ['GET /apis/apps/v1/deployments', 403, 'at the cluster scope'],
  ])('%s', async (request, status, expected) => {
    await expect(message(request, { certificate })).resolves.toEqual([status, expect.stringContaining(expected)]);
  });

  it.each([
    ['default', 201],
    ['weak', 403],
  ])('asks for tokens of accounts of its pods only: %s', async (name, status) => {
    const { body: pod } = await server.ask(`GET ${pods}/p`);
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: pod.metadata.uid };
    const answer = await server.ask(`POST /api/v1/namespaces/default/serviceaccounts/${name}/token`, {
      certificate,
      body: { spec: { boundObjectRef } },
    });
    expect(answer.status).toBe(status);
  });
});

describe('granting rights', () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  const refused = (kind: string, name: string, lines: readonly string[]) =>
    `${kind}.rbac.authorization.k8s.io "${name}" is forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`;
  const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
  beforeAll(async () => {
    const rules = [
      {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['roles', 'rolebindings'],
        verbs: ['create', 'get', 'list'],
      },
    ];
    await server.ask(`POST ${rbac}/roles`, { body: { metadata: { name: 'rolemaker' }, rules } });
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }];
    const body = { metadata: { name: 'rolemaker' }, roleRef: roleRef('Role', 'rolemaker'), subjects };
    await server.ask(`POST ${rbac}/rolebindings`, { body });
    await until(async () => (await server.ask(`GET ${rbac}/roles`, { token: 'jane-token' })).status === 200);
  });

  it('in a role needs the rights', async () => {
    const rules = [
      { apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['a'], verbs: ['get'] },
    ];
    const body = { metadata: { name: 'esc' }, rules };
    await expect(message(`POST ${rbac}/roles`, { body, token: 'jane-token' })).resolves.toEqual([
      403,
      refused('roles', 'esc', [
        '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
        '{APIGroups:["apps"], Resources:["deployments"], ResourceNames:["a"], Verbs:["get"]}',
      ]),
    ]);
  });

  it('by a binding needs the rights of the role', async () => {
    const body = { metadata: { name: 'esc' }, roleRef: roleRef('ClusterRole', 'cluster-admin'), subjects: [] };
    await expect(message(`POST ${rbac}/rolebindings`, { body, token: 'jane-token' })).resolves.toEqual([
      403,
      refused('rolebindings', 'esc', [
        '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
        '{NonResourceURLs:["*"], Verbs:["*"]}',
      ]),
    ]);
  });

  it('by a binding needs the role', async () => {
    const body = { metadata: { name: 'esc' }, roleRef: roleRef('Role', 'none'), subjects: [] };
    await expect(message(`POST ${rbac}/rolebindings`, { body, token: 'jane-token' })).resolves.toEqual([
      404,
      'rolebindings.rbac.authorization.k8s.io "none" not found',
    ]);
  });

  it('that one has is allowed', async () => {
    const rules = [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['get'] }];
    const body = { metadata: { name: 'noesc' }, rules };
    expect((await server.ask(`POST ${rbac}/roles`, { body, token: 'jane-token' })).status).toBe(201);
  });
});
