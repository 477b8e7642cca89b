import { clusterRoleBindings, clusterRoles, namespaces, services } from '@kubephant/client';
import { reconcilePolicy } from '../bootstrap/reconcile';
import { bootstrapPolicy } from '../bootstrap/policy/policy';
import { parseRoles } from '../bootstrap/policy/parse';
import { startTestServer, until, type TestServer } from './server';

const { signal } = new AbortController();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('the bootstrap policy', () => {
  it('has as many roles and bindings as upstream', () => {
    const policy = bootstrapPolicy();
    const counts = Object.values(policy).map((objects: readonly unknown[]) => objects.length);
    expect(counts).toEqual([70, 51, 7, 7]);
  });

  it('is written in a notation of one rule per line', () => {
    expect(parseRoles('a\n  get,list core,apps: pods deployments = x y\n  get: /healthz /livez\nb\n')).toEqual([
      {
        name: 'a',
        rules: [
          {
            verbs: ['get', 'list'],
            apiGroups: ['', 'apps'],
            resources: ['pods', 'deployments'],
            resourceNames: ['x', 'y'],
          },
          { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez'] },
        ],
      },
      { name: 'b', rules: [] },
    ]);
    expect(() => parseRoles('a\n  what is this\n')).toThrow('not a rule');
  });
});

describe('a started cluster', () => {
  it('has the system namespaces', async () => {
    const { items } = await server.client.resource(namespaces).list({}, signal);
    expect(items.map(({ metadata }) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
  });

  it('has the kubernetes service at the first address', async () => {
    const { spec } = await server.client.resource(services).get({ namespace: 'default', name: 'kubernetes' }, signal);
    expect(spec).toMatchObject({ clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] });
    const slice = await server.ask('GET /apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes');
    expect(slice.body).toMatchObject({ endpoints: [{ addresses: ['192.0.2.10'] }], ports: [{ port: 6443 }] });
  });

  it.each([
    ['admin', 29],
    ['edit', 27],
    ['view', 12],
  ])('aggregates %s to the %d rules upstream has', async (name, count) => {
    const role = async () => server.client.resource(clusterRoles).get({ name }, signal);
    await until(async () => (await role()).rules?.length === count);
    expect((await role()).rules).toContainEqual({
      verbs: ['get', 'list', 'watch'],
      apiGroups: [''],
      resources: ['namespaces'],
    });
  });

  it('aggregates a role of an administrator too', async () => {
    const extra = { verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] };
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    await server.ask('POST /apis/rbac.authorization.k8s.io/v1/clusterroles', {
      body: { metadata: { name: 'more', labels }, rules: [extra] },
    });
    const rules = async (name: string) =>
      (await server.client.resource(clusterRoles).get({ name }, signal)).rules ?? [];
    for (const name of ['view', 'edit', 'admin']) {
      await until(async () => (await rules(name)).some(({ resources }) => resources?.includes('widgets')));
    }
    await server.ask('DELETE /apis/rbac.authorization.k8s.io/v1/clusterroles/more');
    await until(async () => !(await rules('admin')).some(({ resources }) => resources?.includes('widgets')));
  });
});

describe('reconciling the policy', () => {
  const reconcile = () => reconcilePolicy(server.client, bootstrapPolicy(), signal);
  const roles = () => server.client.resource(clusterRoles);
  const bindings = () => server.client.resource(clusterRoleBindings);

  it('changes nothing when nothing is missing', async () => {
    const before = await roles().get({ name: 'system:kube-scheduler' }, signal);
    await reconcile();
    await expect(roles().get({ name: 'system:kube-scheduler' }, signal)).resolves.toEqual(before);
  });

  it('brings back rules and keeps those added', async () => {
    const role = await roles().get({ name: 'system:discovery' }, signal);
    const added = { verbs: ['get'], nonResourceURLs: ['/mine'] };
    await roles().update({ ...role, rules: [added] }, signal);
    await reconcile();
    expect((await roles().get({ name: 'system:discovery' }, signal)).rules).toEqual([added, ...(role.rules ?? [])]);
  });

  it('brings back subjects, and bindings to another role', async () => {
    const key = { name: 'system:basic-user' };
    const binding = await bindings().get(key, signal);
    await bindings().update({ ...binding, subjects: [] }, signal);
    await reconcile();
    expect((await bindings().get(key, signal)).subjects).toEqual(binding.subjects);
    await bindings().delete(key, signal);
    const { resourceVersion: _, uid: __, ...metadata } = binding.metadata;
    await bindings().create({ ...binding, metadata, roleRef: { ...binding.roleRef, name: 'view' } }, signal);
    await reconcile();
    expect((await bindings().get(key, signal)).roleRef).toEqual(binding.roleRef);
  });

  it('leaves alone what says autoupdate: false', async () => {
    const role = await roles().get({ name: 'system:heapster' }, signal);
    const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' };
    await roles().update({ ...role, metadata: { ...role.metadata, annotations }, rules: [] }, signal);
    await reconcile();
    expect((await roles().get({ name: 'system:heapster' }, signal)).rules ?? []).toEqual([]);
  });
});
