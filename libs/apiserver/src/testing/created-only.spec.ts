import { createdOnlySuite, type CreatedOnly } from './resource-suite/creating-only';
import { startTestServer, type TestServer } from './server';

const authorization = (kind: string, spec: object, namespace = ''): CreatedOnly => ({
  path: `/apis/authorization.k8s.io/v1/${namespace && `namespaces/${namespace}/`}${kind.toLowerCase()}s`,
  example: {
    kind,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { ...(namespace && { namespace }) },
    spec,
  },
  invalid: [{ spec: {} }, 422],
});

const attributes = { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } };

const pods = '/api/v1/namespaces/default/pods';
/** A pod that is nowhere yet. */
async function newPod(server: TestServer): Promise<void> {
  await server.ask(`DELETE ${pods}/web?gracePeriodSeconds=0`);
  const body = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  await server.ask(`POST ${pods}`, { body });
}

const binding: CreatedOnly = {
  path: `${pods}/web/binding`,
  example: { kind: 'Binding', apiVersion: 'v1', metadata: { name: 'web' }, target: { kind: 'Node', name: 'node-1' } },
  // Upstream has no status for what is wrong with a binding.
  invalid: [{ target: {} }, 500],
  prepare: newPod,
};

const accounts = '/api/v1/namespaces/default/serviceaccounts';

const cases: readonly CreatedOnly[] = [
  binding,
  { ...binding, path: '/api/v1/namespaces/default/bindings' },
  {
    path: `${pods}/web/eviction`,
    example: { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name: 'web' } },
    invalid: [{ metadata: { name: 'other' } }, 400],
    prepare: newPod,
  },
  {
    path: `${accounts}/default/token`,
    example: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', spec: { expirationSeconds: 3600 } },
    invalid: [{ spec: { expirationSeconds: 60 } }, 422],
  },
  {
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    example: { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', spec: { token: 'nonsense' } },
    invalid: [{ spec: {} }, 400],
  },
  authorization('SubjectAccessReview', { ...attributes, user: 'jane' }),
  authorization('LocalSubjectAccessReview', { ...attributes, user: 'jane' }, 'default'),
  authorization('SelfSubjectAccessReview', attributes),
  { ...authorization('SelfSubjectRulesReview', { namespace: 'default' }), invalid: [{ spec: {} }, 400] },
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask(`POST ${accounts}`, { body: { metadata: { name: 'default' } } });
});
afterAll(() => server[Symbol.asyncDispose]());

for (const one of cases) createdOnlySuite(() => server, one);
