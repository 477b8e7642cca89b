import { newRig, type Answer, type Rig } from '../registry/testing/rig';
import { testAdmission } from './testing';

const pods = '/api/v1/namespaces/default/pods';
const configMaps = '/api/v1/namespaces/default/configmaps';

const pod = (spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});

/** A cluster with the namespaces default and ending, and the account default. */
async function newCluster(): Promise<Rig> {
  const bare = newRig();
  for (const name of ['default', 'ending', 'kube-node-lease']) {
    await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name } } });
  }
  await bare.ask('DELETE /api/v1/namespaces/ending');
  await bare.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission(bare) });
}

const messageOf = ({ body }: Answer): string =>
  `${(body as { code: number }).code} ${(body as { message: string }).message}`;

describe('NamespaceLifecycle', () => {
  it.each([
    ['POST', '/api/v1/namespaces/missing/configmaps', '404 namespaces "missing" not found'],
    [
      'POST',
      '/api/v1/namespaces/ending/configmaps',
      '403 configmaps "x" is forbidden: unable to create new content in namespace ending because it is being terminated',
    ],
    [
      'DELETE',
      '/api/v1/namespaces/default',
      '403 namespaces "default" is forbidden: this namespace may not be deleted',
    ],
    [
      'DELETE',
      '/api/v1/namespaces/default?dryRun=All',
      '403 namespaces "default" is forbidden: this namespace may not be deleted',
    ],
  ])('%s %s: %s', async (method, path, message) => {
    const cluster = await newCluster();
    const body = method === 'POST' ? { metadata: { name: 'x' } } : undefined;
    expect(messageOf(await cluster.ask(`${method} ${path}`, { body }))).toBe(message);
  });

  it('says why a namespace takes nothing new', async () => {
    const cluster = await newCluster();
    const { body } = await cluster.ask('POST /api/v1/namespaces/ending/configmaps', {
      body: { metadata: { name: 'x' } },
    });
    expect(body.details).toEqual({
      name: 'x',
      kind: 'configmaps',
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: 'namespace ending is being terminated',
          field: 'metadata.namespace',
        },
      ],
    });
  });

  it('lets the other namespaces go, and things in a namespace that ends', async () => {
    const cluster = await newCluster();
    expect((await cluster.ask('DELETE /api/v1/namespaces/kube-node-lease')).status).toBe(200);
    expect((await cluster.ask('GET /api/v1/namespaces/missing/configmaps')).status).toBe(200);
  });
});

describe('ServiceAccount', () => {
  it('gives a pod the default account and its token', async () => {
    const cluster = await newCluster();
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ initContainers: [{ name: 'b', image: 'i' }] }) });
    const { spec } = body as { spec: { volumes: { name: string }[]; containers: object[]; initContainers: object[] } };
    const name = spec.volumes[0]?.name ?? '';
    expect(name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const volumeMounts = [{ name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }];
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      containers: [{ volumeMounts }],
      initContainers: [{ volumeMounts }],
      volumes: [
        {
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              {
                downwardAPI: {
                  items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
                },
              },
            ],
          },
        },
      ],
    });
  });

  it("does not count what it adds as the client's", async () => {
    const cluster = await newCluster();
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod() });
    expect(JSON.stringify(body.metadata.managedFields)).not.toMatch(/f:volumes|f:serviceAccount|f:tolerations/);
  });

  it.each([
    ['the pod does not want it', { automountServiceAccountToken: false }, {}],
    ['the account does not want it', {}, { automountServiceAccountToken: false }],
  ])('mounts no token when %s', async (_, spec, account) => {
    const cluster = await newCluster();
    await cluster.ask('POST /api/v1/namespaces/default/serviceaccounts', {
      body: { metadata: { name: 'quiet' }, ...account },
    });
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ ...spec, serviceAccountName: 'quiet' }) });
    expect(body.spec).toMatchObject({ serviceAccountName: 'quiet' });
    expect(body.spec).not.toHaveProperty('volumes');
  });

  it('keeps mounts the pod has of its own, and lends pull secrets to a pod without', async () => {
    const cluster = await newCluster();
    const account = { metadata: { name: 'puller' }, imagePullSecrets: [{ name: 'key' }] };
    await cluster.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: account });
    const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
    const container = { name: 'c', image: 'i', volumeMounts: [{ name: 'mine', mountPath }] };
    const spec = { serviceAccountName: 'puller', containers: [container], volumes: [{ name: 'mine', emptyDir: {} }] };
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod(spec) });
    expect(body.spec).toMatchObject({ imagePullSecrets: [{ name: 'key' }], volumes: [{ name: 'mine' }] });
    expect(body.spec.volumes).toHaveLength(1);
  });

  it('refuses an account that is not there', async () => {
    const cluster = await newCluster();
    expect(messageOf(await cluster.ask(`POST ${pods}`, { body: pod({ serviceAccountName: 'nobody' }) }))).toBe(
      '403 pods "p" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    );
  });

  it('waits a moment for the account of a new namespace', async () => {
    const cluster = await newCluster();
    await cluster.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'new' } } });
    const creating = cluster.ask('POST /api/v1/namespaces/new/pods', { body: pod() });
    await cluster.clock.advance(0);
    await cluster.ask('POST /api/v1/namespaces/new/serviceaccounts', { body: { metadata: { name: 'default' } } });
    await cluster.clock.advance(100);
    expect((await creating).status).toBe(201);
  });
});

describe('DefaultTolerationSeconds', () => {
  const added = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  const [notReady, unreachable] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

  it.each([
    ['both', [], [added(notReady), added(unreachable)]],
    [
      'what is missing',
      [{ key: notReady, operator: 'Exists', effect: 'NoExecute' }],
      [{ key: notReady, operator: 'Exists', effect: 'NoExecute' }, added(unreachable)],
    ],
    ['nothing to a pod that tolerates everything', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
    [
      'both beside other effects',
      [{ key: notReady, operator: 'Exists', effect: 'NoSchedule' }],
      [{ key: notReady, operator: 'Exists', effect: 'NoSchedule' }, added(notReady), added(unreachable)],
    ],
  ])('adds %s', async (_, tolerations, expected) => {
    const cluster = await newCluster();
    const { body } = await cluster.ask(`POST ${pods}`, { body: pod({ tolerations }) });
    expect(body.spec.tolerations).toEqual(expected);
  });
});

describe('TaintNodesByCondition', () => {
  it('taints a new node', async () => {
    const cluster = await newCluster();
    const { body } = await cluster.ask('POST /api/v1/nodes', { body: { metadata: { name: 'n' } } });
    expect(body.spec.taints).toEqual([{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
  });
});

describe('Priority', () => {
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  const high = { metadata: { name: 'high' }, value: 100, preemptionPolicy: 'Never' };

  it.each([
    ['no class', {}, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' }],
    ['a class', { priorityClassName: 'high' }, { priorityClassName: 'high', priority: 100, preemptionPolicy: 'Never' }],
    ['the number the class has', { priorityClassName: 'high', priority: 100 }, { priority: 100 }],
  ])('resolves %s', async (_, spec, expected) => {
    const cluster = await newCluster();
    await cluster.ask(`POST ${classes}`, { body: high });
    expect((await cluster.ask(`POST ${pods}`, { body: pod(spec) })).body.spec).toMatchObject(expected);
  });

  it.each([
    [{ priorityClassName: 'nope' }, '403 pods "p" is forbidden: no PriorityClass with name nope was found'],
    [
      { priority: 7 },
      '403 pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
  ])('refuses %j', async (spec, message) => {
    const cluster = await newCluster();
    expect(messageOf(await cluster.ask(`POST ${pods}`, { body: pod(spec) }))).toBe(message);
  });

  it('calls a pod whose name is still to be generated by what it begins with', async () => {
    const cluster = await newCluster();
    const body = pod({ priorityClassName: 'nope' }, { name: '', generateName: 'web-' });
    expect(messageOf(await cluster.ask(`POST ${pods}`, { body }))).toBe(
      '403 pods "web-" is forbidden: no PriorityClass with name nope was found',
    );
  });

  it('takes the default class, of which there is one', async () => {
    const cluster = await newCluster();
    await cluster.ask(`POST ${classes}`, { body: { ...high, globalDefault: true } });
    const second = await cluster.ask(`POST ${classes}`, {
      body: { ...high, metadata: { name: 'other' }, globalDefault: true },
    });
    expect(messageOf(second)).toBe(
      '403 priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass high is already marked as default. Only one default can exist',
    );
    expect((await cluster.ask(`POST ${pods}`, { body: pod() })).body.spec).toMatchObject({
      priorityClassName: 'high',
      priority: 100,
    });
  });
});

describe('NodeRestriction', () => {
  const kubelet = { user: 'system:node:n', groups: ['system:nodes', 'system:authenticated'] };
  const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
  const leases = '/apis/coordination.k8s.io/v1/namespaces';

  it.each([
    ['POST', '/api/v1/nodes', { metadata: { name: 'n', labels: { 'kubernetes.io/hostname': 'n', mine: '1' } } }],
    ['POST', `${leases}/kube-node-lease/leases`, { metadata: { name: 'n' }, spec: {} }],
    ['POST', pods, { ...pod({ nodeName: 'n' }, mirror) }],
    ['POST', configMaps, { metadata: { name: 'x' } }],
  ])('lets a kubelet %s %s', async (method, path, body) => {
    const cluster = await newCluster();
    expect((await cluster.ask(`${method} ${path}`, { body, ...kubelet })).status).toBe(201);
  });

  it.each<[string, string, object, string]>([
    [
      'POST',
      '/api/v1/nodes',
      { metadata: { name: 'm' } },
      'nodes "m" is forbidden: node "n" is not allowed to modify node "m"',
    ],
    [
      'POST',
      '/api/v1/nodes',
      { metadata: { name: 'n', labels: { 'node-restriction.kubernetes.io/a': 'b', 'x.k8s.io/y': 'z' } } },
      'nodes "n" is forbidden: node "n" is not allowed to set the following labels: node-restriction.kubernetes.io/a, x.k8s.io/y',
    ],
    [
      'POST',
      pods,
      pod({ nodeName: 'n' }),
      'pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "n" can only create mirror pods',
    ],
    [
      'POST',
      pods,
      pod({ nodeName: 'm' }, mirror),
      'pods "p" is forbidden: node "n" can only create pods with spec.nodeName set to itself',
    ],
    [
      'POST',
      pods,
      pod({ nodeName: 'n', volumes: [{ name: 'v', secret: { secretName: 's' } }] }, mirror),
      'pods "p" is forbidden: node "n" can not create pods that reference secrets',
    ],
    [
      'POST',
      `${leases}/default/leases`,
      { metadata: { name: 'n' }, spec: {} },
      'leases.coordination.k8s.io "n" is forbidden: can only access leases in the "kube-node-lease" system namespace',
    ],
    [
      'POST',
      `${leases}/kube-node-lease/leases`,
      { metadata: { name: 'm' }, spec: {} },
      'leases.coordination.k8s.io "m" is forbidden: can only access node lease with the same name as the requesting node',
    ],
  ])('refuses a kubelet %s %s %j', async (method, path, body, message) => {
    const cluster = await newCluster();
    expect(messageOf(await cluster.ask(`${method} ${path}`, { body, ...kubelet }))).toBe(`403 ${message}`);
  });

  it('lets a kubelet touch only its own pods', async () => {
    const cluster = await newCluster();
    await cluster.ask(`POST ${pods}`, { body: pod({ nodeName: 'n' }, { name: 'mine' }) });
    await cluster.ask(`POST ${pods}`, { body: pod({ nodeName: 'm' }, { name: 'other' }) });
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const status = (name: string) =>
      cluster.ask(`PATCH ${pods}/${name}/status`, { headers, body: { status: { phase: 'Running' } }, ...kubelet });
    expect((await status('mine')).status).toBe(200);
    expect(messageOf(await status('other'))).toBe(
      '403 pods "other" is forbidden: node "n" can only update pod status for pods with spec.nodeName set to itself',
    );
    expect(messageOf(await cluster.ask(`DELETE ${pods}/other`, kubelet))).toBe(
      '403 pods "other" is forbidden: node "n" can only delete pods with spec.nodeName set to itself',
    );
    expect((await cluster.ask(`DELETE ${pods}/mine?gracePeriodSeconds=0`, kubelet)).status).toBe(200);
  });

  it('lets a kubelet not change its taints', async () => {
    const cluster = await newCluster();
    await cluster.ask('POST /api/v1/nodes', { body: { metadata: { name: 'n' } } });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await cluster.ask('PATCH /api/v1/nodes/n', {
      headers,
      body: { spec: { taints: null } },
      ...kubelet,
    });
    expect(messageOf(answer)).toBe('403 nodes "n" is forbidden: node "n" is not allowed to modify taints');
  });
});

describe('StorageObjectInUseProtection', () => {
  const claim = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
  const volume = { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } } };

  it.each([
    ['claim', '/api/v1/namespaces/default/persistentvolumeclaims', claim, 'kubernetes.io/pvc-protection'],
    ['volume', '/api/v1/persistentvolumes', volume, 'kubernetes.io/pv-protection'],
  ])('keeps a %s from vanishing while it is in use', async (_, path, body, finalizer) => {
    const cluster = await newCluster();
    const create = (name: string, finalizers?: readonly string[]) =>
      cluster.ask(`POST ${path}`, { body: { metadata: { name, finalizers }, ...body } });
    expect((await create('a')).body.metadata.finalizers).toEqual([finalizer]);
    expect((await create('b', ['a.b/c', finalizer])).body.metadata.finalizers).toEqual(['a.b/c', finalizer]);
  });
});

describe('PersistentVolumeClaimResize', () => {
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  const headers = { 'content-type': 'application/merge-patch+json' };

  /** A claim of this class that is bound. */
  async function newClaim(storageClassName: string): Promise<Rig> {
    const cluster = await newCluster();
    for (const name of ['growing', 'fixed']) {
      const body = { metadata: { name }, provisioner: 'x', allowVolumeExpansion: name === 'growing' };
      await cluster.ask('POST /apis/storage.k8s.io/v1/storageclasses', { body });
    }
    const resources = { requests: { storage: '1Gi' } };
    const spec = { accessModes: ['ReadWriteOnce'], resources, storageClassName, volumeName: 'v' };
    await cluster.ask(`POST ${claims}`, { body: { metadata: { name: 'a' }, spec } });
    await cluster.ask(`PATCH ${claims}/a/status`, { headers, body: { status: { phase: 'Bound' } } });
    return cluster;
  }

  it.each([
    ['growing', '2Gi', 200],
    ['fixed', '2Gi', 403],
    ['', '2Gi', 403],
    ['fixed', '1024Mi', 200],
  ])('of class %j to %s: %d', async (storageClassName, storage, status) => {
    const cluster = await newClaim(storageClassName);
    const body = { spec: { resources: { requests: { storage } } } };
    const answer = await cluster.ask(`PATCH ${claims}/a`, { headers, body });
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(answer.body.message).toBe(
        'persistentvolumeclaims "a" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    }
  });
});
