import { timeout } from '@kubephant/api';
import type { Store } from '@kubephant/storage';
import { newRig, type Answer, type Rig } from '../../registry/testing/rig';
import { testAdmission } from '../testing';

const quotas = '/api/v1/namespaces/default/resourcequotas';
const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
const services = '/api/v1/namespaces/default/services';

type Amounts = Readonly<Record<string, string>>;

/** API servers over one store. */
async function newCluster(servers = 1): Promise<Rig[]> {
  const bare = newRig();
  const { store, clock } = bare;
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'default' } } });
  await bare.ask('POST /api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
  return Array.from({ length: servers }, () => newRig({ store, clock, admission: testAdmission({ store, clock }) }));
}

/** A quota as its controller leaves it: nothing is used. */
async function limit(server: Rig, name: string, hard: Amounts, spec: object = {}): Promise<void> {
  const { body } = await server.ask(`POST ${quotas}`, { body: { metadata: { name }, spec: { hard, ...spec } } });
  const used = Object.fromEntries(Object.keys(hard).map((key) => [key, '0']));
  const { status } = await server.ask(`PUT ${quotas}/${name}/status`, { body: { ...body, status: { hard, used } } });
  expect(status).toBe(200);
}

const usedOf = async (server: Rig, name: string): Promise<Amounts> =>
  (await server.ask(`GET ${quotas}/${name}`)).body.status.used as Amounts;

/** A store that loses sight of what it creates. */
const losing = (store: Store): Store =>
  new Proxy(store, {
    get(of, key) {
      if (key === 'create') return () => Promise.reject(timeout('the outcome of the write is unknown'));
      const found: unknown = Reflect.get(of, key, of);
      return typeof found === 'function' ? (found.bind(of) as unknown) : found;
    },
  });

const messageOf = ({ body }: Answer): string => (body as { message: string }).message;
const named = (name: string, rest: object = {}) => ({ metadata: { name }, ...rest });
const pod = (name: string, resources: object = {}, spec: object = {}) =>
  named(name, { spec: { containers: [{ name: 'c', image: 'i', resources }], ...spec } });

describe('ResourceQuota', () => {
  it('lets in exactly as many as it allows of many at once, whichever server they ask', async () => {
    const servers = await newCluster(3);
    await limit(servers[0] as Rig, 'q', { 'count/configmaps': '37' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (servers[index % 3] as Rig).ask(`POST ${configMaps}`, { body: named(`c${index}`) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(37);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ status }) => status))).toEqual(new Set([403]));
    expect(await usedOf(servers[0] as Rig, 'q')).toEqual({ 'count/configmaps': '37' });
  });

  it('gives back what a create took that failed', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { configmaps: '5' });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => server.ask(`POST ${configMaps}`, { body: named('same') })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await usedOf(server, 'q')).toEqual({ configmaps: '1' });
  });

  it('keeps what a create took that may have been made', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { configmaps: '5' });
    const { store, clock } = server;
    const unlucky = newRig({ store: losing(store), clock, admission: testAdmission({ store, clock }) });
    expect((await unlucky.ask(`POST ${configMaps}`, { body: named('x') })).status).toBe(504);
    expect(await usedOf(server, 'q')).toEqual({ configmaps: '1' });
  });

  it('gives back what one quota took when the next refuses', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'a', { 'count/configmaps': '5' });
    await limit(server, 'b', { configmaps: '0' });
    expect(messageOf(await server.ask(`POST ${configMaps}`, { body: named('x') }))).toBe(
      'configmaps "x" is forbidden: exceeded quota: b, requested: configmaps=1, used: configmaps=0, limited: configmaps=0',
    );
    expect(await usedOf(server, 'a')).toEqual({ 'count/configmaps': '0' });
  });

  it('charges nothing for a dry run, and refuses it all the same', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { configmaps: '1' });
    expect((await server.ask(`POST ${configMaps}?dryRun=All`, { body: named('a') })).status).toBe(201);
    expect(await usedOf(server, 'q')).toEqual({ configmaps: '0' });
    await server.ask(`POST ${configMaps}`, { body: named('a') });
    expect((await server.ask(`POST ${configMaps}?dryRun=All`, { body: named('b') })).status).toBe(403);
  });

  it('enforces nothing until it is known what is used', async () => {
    const [server] = (await newCluster()) as [Rig];
    const { body } = await server.ask(`POST ${quotas}`, { body: named('q', { spec: { hard: { configmaps: '1' } } }) });
    expect((await server.ask(`POST ${configMaps}`, { body: named('a') })).status).toBe(201);
    await server.ask(`PUT ${quotas}/q/status`, { body: { ...body, status: { hard: { configmaps: '1' } } } });
    expect(messageOf(await server.ask(`POST ${configMaps}`, { body: named('b') }))).toBe(
      'configmaps "b" is forbidden: status unknown for quota: q, resources: configmaps',
    );
  });

  it('charges what an update adds', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { services: '3', 'services.nodeports': '1', 'services.loadbalancers': '1' });
    const spec = { ports: [{ port: 80 }] };
    const { body } = await server.ask(`POST ${services}`, { body: named('s', { spec }) });
    const nodePorts = { ...body, spec: { ...body.spec, type: 'NodePort' } };
    expect((await server.ask(`PUT ${services}/s`, { body: nodePorts })).status).toBe(200);
    expect(await usedOf(server, 'q')).toEqual({
      services: '1',
      'services.nodeports': '1',
      'services.loadbalancers': '0',
    });
    const other = named('t', { spec: { ...spec, type: 'NodePort' } });
    expect(messageOf(await server.ask(`POST ${services}`, { body: other }))).toBe(
      'services "t" is forbidden: exceeded quota: q, requested: services.nodeports=1, ' +
        'used: services.nodeports=1, limited: services.nodeports=1',
    );
  });

  it('charges a resize of a pod', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { 'requests.cpu': '2' });
    await server.ask(`POST ${pods}`, { body: pod('p', { requests: { cpu: '1' } }) });
    const resize = (cpu: string) =>
      server.ask(`PATCH ${pods}/p/resize`, {
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        body: { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] } },
      });
    expect(messageOf(await resize('3'))).toBe(
      'pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=1, limited: requests.cpu=2',
    );
    expect((await resize('1500m')).status).toBe(200);
    expect(await usedOf(server, 'q')).toEqual({ 'requests.cpu': '1500m' });
  });

  it('counts claims by class', async () => {
    const [server] = (await newCluster()) as [Rig];
    const ofGold = 'gold.storageclass.storage.k8s.io/requests.storage';
    await limit(server, 'q', { 'requests.storage': '10Gi', [ofGold]: '1Gi' });
    const claim = (name: string, storageClassName: string, storage: string) =>
      named(name, { spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } } });
    await server.ask(`POST ${claims}`, { body: claim('a', 'silver', '2Gi') });
    expect(messageOf(await server.ask(`POST ${claims}`, { body: claim('b', 'gold', '2Gi') }))).toBe(
      `persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: ${ofGold}=2Gi, used: ${ofGold}=0, limited: ${ofGold}=1Gi`,
    );
    expect(await usedOf(server, 'q')).toEqual({ 'requests.storage': '2Gi', [ofGold]: '0' });
  });

  const requests = { requests: { cpu: '1' } };
  const across = { labelSelector: {}, topologyKey: 'k', namespaces: ['other'] };

  it.each([
    ['BestEffort', {}, pod('p'), pod('p', requests)],
    ['NotBestEffort', {}, pod('p', requests), pod('p')],
    ['Terminating', {}, pod('p', {}, { activeDeadlineSeconds: 5 }), pod('p')],
    ['NotTerminating', {}, pod('p'), pod('p', {}, { activeDeadlineSeconds: 5 })],
    [
      'CrossNamespacePodAffinity',
      {},
      pod('p', {}, { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [across] } } }),
      pod('p'),
    ],
    [
      'PriorityClass',
      { operator: 'In', values: ['high'] },
      pod('p', {}, { priorityClassName: 'high' }),
      pod('p', {}, { priorityClassName: 'low' }),
    ],
  ])('is about pods in the scope %s alone', async (scopeName, requirement, within, outside) => {
    const [server] = (await newCluster()) as [Rig];
    for (const name of ['high', 'low']) {
      await server.ask('POST /apis/scheduling.k8s.io/v1/priorityclasses', { body: named(name, { value: 1 }) });
    }
    const matchExpressions = [{ scopeName, operator: 'Exists', ...requirement }];
    await limit(server, 'q', { pods: '0' }, { scopeSelector: { matchExpressions } });
    expect((await server.ask(`POST ${pods}?dryRun=All`, { body: outside })).status).toBe(201);
    expect(messageOf(await server.ask(`POST ${pods}?dryRun=All`, { body: within }))).toMatch(/exceeded quota: q/);
  });

  it('names what which containers must state', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { 'limits.cpu': '1', memory: '1Gi' });
    const body = pod('p', { limits: { cpu: '1' } }, { initContainers: [{ name: 'b', image: 'i' }] });
    expect(messageOf(await server.ask(`POST ${pods}`, { body }))).toBe(
      'pods "p" is forbidden: failed quota: q: must specify limits.cpu for: b; memory for: b,c',
    );
  });

  it('asks nothing of the containers of a pod that speaks for them', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { 'limits.cpu': '2', 'requests.memory': '1Gi' });
    const body = pod('p', {}, { resources: { limits: { cpu: '1' }, requests: { cpu: '1' } } });
    expect((await server.ask(`POST ${pods}`, { body })).status).toBe(201);
    expect(await usedOf(server, 'q')).toEqual({ 'limits.cpu': '1', 'requests.memory': '0' });
  });

  it('charges a pod that gets a deadline where such pods are counted', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { pods: '1' }, { scopes: ['Terminating'] });
    const deadline = (name: string) =>
      server.ask(`PATCH ${pods}/${name}`, {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { spec: { activeDeadlineSeconds: 5 } },
      });
    for (const name of ['a', 'b']) await server.ask(`POST ${pods}`, { body: pod(name) });
    expect((await deadline('a')).status).toBe(200);
    expect(messageOf(await deadline('b'))).toBe(
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    );
  });

  it('charges devices by their class, and as the extended resource that they are', async () => {
    const [server] = (await newCluster()) as [Rig];
    const ofGpu = 'gpu.deviceclass.resource.k8s.io/devices';
    await server.ask('POST /apis/resource.k8s.io/v1/deviceclasses', {
      body: named('gpu', { spec: { extendedResourceName: 'example.com/gpu' } }),
    });
    await limit(server, 'q', { [ofGpu]: '3', 'requests.example.com/gpu': '3' });
    const claim = (name: string, count: number) => {
      const exactly = { deviceClassName: 'gpu', allocationMode: 'ExactCount', count };
      const body = named(name, { spec: { devices: { requests: [{ name: 'r', exactly }] } } });
      return server.ask('POST /apis/resource.k8s.io/v1/namespaces/default/resourceclaims', { body });
    };
    expect((await claim('a', 2)).status).toBe(201);
    expect(messageOf(await claim('b', 2))).toBe(
      'resourceclaims.resource.k8s.io "b" is forbidden: exceeded quota: q, ' +
        `requested: ${ofGpu}=2,requests.example.com/gpu=2, used: ${ofGpu}=2,requests.example.com/gpu=2, ` +
        `limited: ${ofGpu}=3,requests.example.com/gpu=3`,
    );
  });

  it('charges apply that creates', async () => {
    const [server] = (await newCluster()) as [Rig];
    await limit(server, 'q', { configmaps: '1' });
    const apply = (name: string) =>
      server.ask(`PATCH ${configMaps}/${name}?fieldManager=m`, {
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
      });
    expect((await apply('a')).status).toBe(201);
    expect((await apply('a')).status).toBe(200);
    expect((await apply('b')).status).toBe(403);
    expect(await usedOf(server, 'q')).toEqual({ configmaps: '1' });
  });
});
