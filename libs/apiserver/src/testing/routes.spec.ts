import { startTestServer, type TestServer } from './server';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const noPage = '404 page not found\n';
const noResource = 'the server could not find the requested resource';
const noMethod = 'the server does not allow this method on the requested resource';

describe('paths', () => {
  it.each([
    ['GET /nope', 404, noPage],
    ['POST /nope', 404, noPage],
    ['GET /apis/nope', 404, noPage],
    ['GET /apis/nope/v1', 404, noPage],
    ['GET /apis/nope/v1/things', 404, noPage],
    ['GET /healthz/nope', 404, noPage],
    ['GET /metrics/nope', 404, noPage],
    ['GET /healthz/', 404, noPage],
    ['GET /metrics/', 404, noPage],
    ['GET /openapi/v3/', 404, ''],
    ['GET /openapi/v3/nope', 404, ''],
    ['GET /version/x', 404, noResource],
    ['GET /api/v2', 404, noResource],
    ['GET /api/v1/nopes', 404, noResource],
    ['GET /api/v1/nopes/x', 404, noResource],
    ['GET /api/v1/watch/nopes', 404, noResource],
    ['GET /apis/apps/v1beta1', 404, noResource],
    ['GET /apis/apps/v1beta1/deployments', 404, noResource],
    ['GET /api/v1/namespaces/default/configmaps/x/nope', 404, noResource],
    ['GET /api/v1/namespaces/default/configmaps/a%25b/nope', 404, noResource],
    ['GET /api/v1/namespaces/default/nodes', 404, noResource],
    ['GET /api/v1/configmaps/x', 404, noResource],
    ['GET /api/v1/bindings', 404, noResource],
    ['GET /api/v1/namespaces/default/namespaces/default', 404, noResource],
    ['GET /api/v1/namespaces/default/namespaces', 404, noResource],
    ['HEAD /api/v1/nodes/nope/proxy/', 404, 'nodes "nope" not found'],
    ['OPTIONS /api/v1/nodes/nope/proxy/', 404, 'nodes "nope" not found'],
    ['TRACE /api/v1/nodes/nope/proxy/', 405, noMethod],
    ['HEAD /api/v1/namespaces/default/pods/nope/log', 405, noMethod],
    ['OPTIONS /api/v1/namespaces/default/pods/nope/exec', 405, noMethod],
    ['GET /api/v1//configmaps', 404, noResource],
    ['GET /apis/authorization.k8s.io/v1/subjectaccessreviews/x', 404, noResource],
    ['POST /api', 405, noMethod],
    ['HEAD /api', 405, noMethod],
    ['PUT /api/v1', 405, noMethod],
    ['DELETE /apis/apps/v1', 405, noMethod],
    ['POST /version', 405, noMethod],
    ['GET /apis/authorization.k8s.io/v1/subjectaccessreviews', 405, noMethod],
    ['GET /apis/authentication.k8s.io/v1/tokenreviews', 405, noMethod],
    ['FOO /api/v1/namespaces/default/configmaps', 405, noMethod],
    ['GET /api/v1/namespaces/default/serviceaccounts/default/token', 405, noMethod],
  ])('%s: %d', async (request, status, text) => {
    const answer = await server.ask(request);
    expect([answer.status, answer.body.message ?? answer.body]).toEqual([status, text]);
  });

  it.each(['POST /apis', 'PUT /apis/apps', 'DELETE /healthz'])('%s is answered like GET', async (request) => {
    expect((await server.ask(request)).status).toBe(200);
  });

  it('an empty namespace is all of them', async () => {
    expect((await server.ask('GET /api/v1/namespaces//configmaps')).body).toMatchObject({ kind: 'ConfigMapList' });
  });

  it('the root lists what there is', async () => {
    const { body } = await server.ask('GET /');
    expect(body.paths).toEqual(
      expect.arrayContaining(['/api', '/api/v1', '/apis', '/apis/', '/apis/apps', '/apis/apps/v1', '/version']),
    );
    const answers = await Promise.all((body.paths as string[]).map((path) => server.ask(`GET ${path}`)));
    const missing = (body.paths as string[]).filter((_, i) => answers[i]?.status === 404);
    expect(missing).toEqual(['/openapi/v3/']);
  });

  it.each(['spec.v3.v1.0', 'spec.v3@v1.0'])('OpenAPI 3 is there in protobuf as %s', async (name) => {
    const headers = { accept: `application/com.github.proto-openapi.${name}+protobuf` };
    const answer = await server.ask('GET /openapi/v3/apis/apps', { headers });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf',
      vary: 'Accept',
    });
    expect(answer.body).toContain('3.0.0');
  });

  it.each(['/openapi/v2', '/openapi/v3/apis/apps'])('%s refuses other forms without a word', async (path) => {
    const answer = await server.ask(`GET ${path}`, { headers: { accept: 'text/html' } });
    expect(answer).toMatchObject({ status: 406, body: '', headers: { 'content-type': '' } });
  });
});

describe('discovery', () => {
  const list = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

  it.each(['/api', '/api/'])('%s names the versions of the core group', async (path) => {
    expect((await server.ask(`GET ${path}`)).body).toEqual({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '192.0.2.10:6443' }],
    });
  });

  it('groups come in upstream’s order', async () => {
    const { body } = await server.ask('GET /apis');
    const names = (body.groups as { name: string }[]).map(({ name }) => name);
    expect(names.slice(0, 4)).toEqual(['apiregistration.k8s.io', 'apps', 'events.k8s.io', 'authentication.k8s.io']);
    const version = { groupVersion: 'apps/v1', version: 'v1' };
    expect(body.groups[1]).toEqual({ name: 'apps', versions: [version], preferredVersion: version });
  });

  it.each([
    [
      '/api/v1',
      'namespaces',
      {
        singularName: 'namespace',
        namespaced: false,
        kind: 'Namespace',
        verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
        shortNames: ['ns'],
        storageVersionHash: 'Q3oi5N2YM8M=',
      },
    ],
    [
      '/apis/admissionregistration.k8s.io/v1',
      'mutatingadmissionpolicies',
      {
        singularName: 'mutatingadmissionpolicy',
        namespaced: false,
        kind: 'MutatingAdmissionPolicy',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        categories: ['api-extensions'],
        storageVersionHash: 'LYmCf+UMVdg=',
      },
    ],
    ['/api/v1', 'pods/status', { singularName: '', namespaced: true, kind: 'Pod', verbs: ['get', 'patch', 'update'] }],
    [
      '/api/v1',
      'serviceaccounts/token',
      {
        singularName: '',
        namespaced: true,
        group: 'authentication.k8s.io',
        version: 'v1',
        kind: 'TokenRequest',
        verbs: ['create'],
      },
    ],
    [
      '/apis/apps/v1',
      'deployments/scale',
      {
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      },
    ],
    [
      '/apis/authorization.k8s.io/v1',
      'localsubjectaccessreviews',
      {
        singularName: 'localsubjectaccessreview',
        namespaced: true,
        kind: 'LocalSubjectAccessReview',
        verbs: ['create'],
      },
    ],
  ])('%s describes %s as upstream does', async (path, name, description) => {
    const { body } = await server.ask(`GET ${path}`);
    const found = (body.resources as { name: string }[]).find((resource) => resource.name === name);
    expect(found).toEqual({ name, ...description });
  });

  it('is one document for clients that can read it, with an ETag', async () => {
    const first = await server.ask('GET /apis', { headers: { accept: `${list},application/json` } });
    expect(first.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    expect(first.body.items[0].versions[0]).toMatchObject({ version: 'v1', freshness: 'Current' });
    expect(first.headers).toMatchObject({ 'cache-control': 'public', vary: 'Accept' });
    const etag = String(first.headers['etag']);
    const again = await server.ask('GET /apis', { headers: { accept: list, 'if-none-match': etag } });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it.each([
    [list.replace('v=v2', 'v=v3'), 406],
    [`${list.replace('v=v2', 'v=v3')},application/json`, 200],
    ['text/html', 406],
  ])('accepting %s: %d', async (accept, status) => {
    expect((await server.ask('GET /apis', { headers: { accept } })).status).toBe(status);
  });
});

describe('OpenAPI', () => {
  it('has an index with hashes that make documents immutable', async () => {
    const { body } = await server.ask('GET /openapi/v3');
    const url: string = body.paths['apis/apps/v1'].serverRelativeURL;
    expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]+$/);
    const document = await server.ask(`GET ${url}`);
    expect(document.body).toMatchObject({ openapi: '3.0.0', info: { title: 'Kubernetes' } });
    expect(document.headers).toMatchObject({ 'cache-control': 'public, immutable', vary: 'Accept' });
    const stale = await server.ask('GET /openapi/v3/apis/apps/v1?hash=00');
    expect([stale.status, stale.headers['location']]).toEqual([301, url]);
  });

  it('v2 is one document; unchanged ones are not sent again', async () => {
    const { body, headers } = await server.ask('GET /openapi/v2');
    expect(body).toMatchObject({ swagger: '2.0' });
    const again = await server.ask('GET /openapi/v2', { headers: { 'if-none-match': String(headers['etag']) } });
    expect(again.status).toBe(304);
  });

  it('is compressed for clients that ask', async () => {
    const { headers } = await server.ask('GET /openapi/v2', { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
  });

  it.each([
    'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  ])('v2 accepting %s has the name that is a valid media type', async (accept) => {
    const { status, headers } = await server.ask('GET /openapi/v2', { headers: { accept } });
    expect([status, headers['content-type']]).toEqual([
      200,
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
    ]);
  });

  it('v2 has no page', async () => {
    expect((await server.ask('GET /openapi/v2', { headers: { accept: 'text/html' } })).status).toBe(406);
  });
});

describe('service account issuer', () => {
  it('is described for those outside the cluster', async () => {
    const { body } = await server.ask('GET /.well-known/openid-configuration');
    expect(body).toEqual({
      issuer: 'https://kubernetes.default.svc',
      jwks_uri: 'https://192.0.2.10:6443/openid/v1/jwks',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
    const keys = (await server.ask('GET /openid/v1/jwks')).body.keys;
    expect(keys).toEqual([expect.objectContaining({ use: 'sig', kty: 'EC', alg: 'ES256', crv: 'P-256' })]);
  });
});

describe('reviews', () => {
  const access = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
  it.each([
    [{ user: 'u', resourceAttributes: { verb: 'get', resource: 'pods' } }, { allowed: false }],
    [
      { user: 'u', groups: ['system:masters'], resourceAttributes: { verb: 'get', resource: 'pods' } },
      { allowed: true },
    ],
    [
      { user: 'system:kube-scheduler', resourceAttributes: { verb: 'list', resource: 'pods' } },
      {
        allowed: true,
        reason:
          'RBAC: allowed by ClusterRoleBinding "system:kube-scheduler" of ClusterRole "system:kube-scheduler" to User "system:kube-scheduler"',
      },
    ],
    [
      { user: 'u', groups: ['system:unauthenticated'], nonResourceAttributes: { verb: 'get', path: '/healthz' } },
      expect.objectContaining({ allowed: true }),
    ],
  ])('%j', async (spec, status) => {
    const answer = await server.ask(`POST ${access}`, { body: { spec } });
    expect([answer.status, answer.body.status]).toEqual([201, status]);
  });

  it.each([
    [
      access,
      { user: 'u' },
      422,
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      access,
      { user: 'u', resourceAttributes: { verb: 'get' }, nonResourceAttributes: { verb: 'get', path: '/x' } },
      422,
      '.authorization.k8s.io "" is invalid: spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    ],
    [
      '/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews',
      { user: 'u', resourceAttributes: { namespace: 'other', verb: 'get', resource: 'pods' } },
      422,
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
    ],
    ['/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {}, 400, 'no namespace on request'],
    ['/apis/authentication.k8s.io/v1/tokenreviews', {}, 400, 'token is required for TokenReview in authentication'],
  ])('%s with %j is refused', async (path, spec, status, message) => {
    const answer = await server.ask(`POST ${path}`, { body: { spec } });
    expect([answer.status, answer.body.message]).toEqual([status, message]);
  });

  it('tell whose a token is', async () => {
    const review = (token: string) =>
      server.ask('POST /apis/authentication.k8s.io/v1/tokenreviews', { body: { spec: { token } } });
    expect((await review('bogus')).body.status).toEqual({ user: {}, error: 'invalid bearer token' });
    expect((await review('admin-token')).body.status).toEqual({
      authenticated: true,
      user: { username: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] },
      audiences: ['https://kubernetes.default.svc'],
    });
  });

  it('tell what one may do', async () => {
    const body = { spec: { namespace: 'default' } };
    const answer = await server.ask('POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      body,
      token: 'jane-token',
    });
    expect(answer.body).toMatchObject({ metadata: {}, spec: {}, status: { incomplete: false } });
    expect(answer.body.status.resourceRules).toContainEqual({
      verbs: ['create'],
      apiGroups: ['authentication.k8s.io'],
      resources: ['selfsubjectreviews'],
    });
    expect(answer.body.status.nonResourceRules).toContainEqual({
      verbs: ['get'],
      nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'],
    });
  });
});
