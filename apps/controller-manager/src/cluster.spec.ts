import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer, type TestServer } from '@kubephant/apiserver/testing';
import { is, type Draft, type KubeObject } from '@kubephant/api';
import { newGroup, newMetrics, silent, systemClock, type Group } from '@kubephant/base';
import {
  configMaps,
  deployments,
  endpoints,
  endpointSlices,
  namespaces,
  newClient,
  nodes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  resourceQuotas,
  serviceAccounts,
  services,
  type Client,
  type ResourceRef,
  type Transport,
} from '@kubephant/client';
import {
  defaultNodeLifecycle,
  defaultPodGc,
  defaultResourceQuota,
  newCredentials,
  parsePools,
  runControllers,
  type ControllersConfig,
} from '@kubephant/controllers';
import { newWorkQueueMetrics } from '@kubephant/informer';
import type { Deployment, Service } from '@kubephant/schema';
import { newInProcessTransport } from '@kubephant/serving';

// Every controller against a real API server in memory, under its own service account and upstream's role of it.

const { signal } = new AbortController();
const config: ControllersConfig = {
  controllers: ['*'],
  workers: {},
  rootCa: 'PEM',
  pools: parsePools('10.244.0.0/16'),
  nodeLifecycle: defaultNodeLifecycle,
  maxEndpointsPerSlice: 100,
  maxMirroredPerSubset: 1000,
  podGc: defaultPodGc,
  resourceQuota: defaultResourceQuota,
};

let server: TestServer;
let admin: Client;
let group: Group;
const refused: string[] = [];

/** Remembers what was not allowed: a controller must get along with its role. */
const watched = (transport: Transport): Transport => ({
  async send(request) {
    const response = await transport.send(request);
    if (response.status === 401 || response.status === 403) {
      refused.push(`${response.status} ${request.method} ${request.path} ${request.headers?.['user-agent'] ?? ''}`);
    }
    return response;
  },
});

beforeAll(async () => {
  server = await startTestServer();
  admin = server.client;
  const clientCertificate = { commonName: 'system:kube-controller-manager', organizations: [] };
  const client = newClient(watched(newInProcessTransport(server.handler, { clientCertificate })), { userAgent: 'kcm' });
  const transport = watched(newInProcessTransport(server.handler, {}));
  const metrics = newMetrics();
  const deps = {
    client,
    clientFor: newCredentials({ client, transport, clock: systemClock, userAgent: 'kcm' }),
    clock: systemClock,
    log: silent,
    metrics,
    queueMetrics: newWorkQueueMetrics(metrics, systemClock),
  };
  group = newGroup();
  group.go('controllers', (s) => runControllers(deps, config, s));
});

afterAll(async () => {
  group.stop();
  await group.wait();
  await server[Symbol.asyncDispose]();
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

const all = async <T extends KubeObject>(ref: ResourceRef<T>, namespace = 'shop'): Promise<readonly T[]> =>
  (await admin.resource(ref).list(ref.namespaced ? { namespace } : {}, signal)).items;

const deployment: Draft<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
};
const service: Draft<Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};

/** What a kubelet reports of every pod that is not being deleted. */
async function makeReady(): Promise<void> {
  for (const [i, pod] of (await all(pods)).entries()) {
    if (pod.metadata.deletionTimestamp) continue;
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const podIP = `10.244.0.${i + 2}`;
    const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions };
    const patch = { type: 'merge', body: { status } } as const;
    const key = { namespace: 'shop', name: pod.metadata.name };
    try {
      await admin.resource(pods).patch(key, patch, signal, { subresource: 'status' });
    } catch (err) {
      // It was replaced meanwhile.
      if (!is('NotFound', err)) throw err;
    }
  }
}

describe('the controllers at a real API server', () => {
  it('furnish a namespace', async () => {
    await admin
      .resource(namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' }, spec: {} }, signal);
    await until(async () => (await all(serviceAccounts)).length === 1 && (await all(configMaps)).length === 1);
  });

  it("give a node its pods' addresses", async () => {
    await admin.resource(nodes).create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {} }, signal);
    await until(async () => (await all(nodes))[0]?.spec.podCIDR === '10.244.0.0/24');
  });

  it('roll a deployment out and a service over it', async () => {
    await admin.resource(services).create(service, signal);
    await admin.resource(deployments).create(deployment, signal);
    await until(async () => (await all(pods)).length === 3);
    await makeReady();
    await until(async () => (await all(deployments))[0]?.status?.availableReplicas === 3);
    await until(
      async () => (await all(endpointSlices))[0]?.endpoints?.filter(({ conditions }) => conditions?.ready).length === 3,
    );
    await until(async () => (await all(endpoints))[0]?.subsets?.[0]?.addresses?.length === 3);
  });

  it('replace it by a new one, and back', async () => {
    for (const [image, count] of [
      ['j', 2],
      ['i', 2],
    ] as const) {
      const template = { spec: { containers: [{ name: 'c', image }] } };
      await admin
        .resource(deployments)
        .patch({ namespace: 'shop', name: 'web' }, { type: 'strategic', body: { spec: { template } } }, signal);
      await until(async () => {
        await makeReady();
        const [current] = await all(deployments);
        const images = (await all(pods)).map(({ spec }) => spec.containers[0]?.image);
        return images.length === 3 && images.every((each) => each === image) && current?.status?.updatedReplicas === 3;
      });
      expect(await all(replicaSets)).toHaveLength(count);
    }
  });

  it('say how many pods may be evicted', async () => {
    const budget = { namespace: 'shop', name: 'web' };
    const spec = { minAvailable: 2, selector: { matchLabels: { app: 'web' } } };
    await admin
      .resource(podDisruptionBudgets)
      .create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: budget, spec }, signal);
    const allowed = async () =>
      (await admin.resource(podDisruptionBudgets).get(budget, signal)).status?.disruptionsAllowed;
    await until(async () => {
      await makeReady();
      return (await allowed()) === 1;
    });
    const evict = async ({ metadata: { name, namespace = '' } }: KubeObject): Promise<boolean> => {
      try {
        const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
        await admin.resource(pods).post({ namespace, name }, 'eviction', body, signal);
        return true;
      } catch (err) {
        if (!is('TooManyRequests', err)) throw err;
        return false;
      }
    };
    const asked = await Promise.all((await all(pods)).map(evict));
    expect(asked.filter(Boolean)).toHaveLength(1);
    // One that takes its place is healthy at last.
    await until(async () => {
      await makeReady();
      return (await allowed()) === 1;
    });
    await admin.resource(podDisruptionBudgets).delete(budget, signal);
  });

  it('collect what a deleted deployment and service leave', async () => {
    await admin
      .resource(deployments)
      .delete({ namespace: 'shop', name: 'web' }, signal, { propagationPolicy: 'Foreground' });
    await admin.resource(services).delete({ namespace: 'shop', name: 'web' }, signal);
    await until(async () => {
      const left = await Promise.all([
        all(deployments),
        all(replicaSets),
        all(pods),
        all(endpointSlices),
        all(endpoints),
      ]);
      return left.flat().length === 0;
    });
  });

  it('count what a quota limits while others use it', async () => {
    const quota = { namespace: 'shop', name: 'q' };
    const hard = { 'count/configmaps': '37', 'requests.storage': '1Gi' };
    await admin
      .resource(resourceQuotas)
      .create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: quota, spec: { hard } }, signal);
    const current = async () => (await admin.resource(resourceQuotas).get(quota, signal)).status;
    const used = async () => (await current())?.used?.['count/configmaps'];
    // The root certificate is one.
    await until(async () => (await used()) === '1');
    expect(await current()).toEqual({ hard, used: { 'count/configmaps': '1', 'requests.storage': '0' } });
    const key = (i: number) => ({ namespace: 'shop', name: `c${i}` });
    const create = async (i: number): Promise<boolean> => {
      try {
        await admin.resource(configMaps).create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: key(i) }, signal);
        return true;
      } catch (err) {
        if (!is('Forbidden', err)) throw err;
        return false;
      }
    };
    // Half of what is made is deleted at once, so that the quota is counted again and again meanwhile.
    const churn = Array.from({ length: 100 }, async (_, i) => {
      if (!(await create(i))) return false;
      if (i % 2 === 0) return true;
      await admin.resource(configMaps).delete(key(i), signal);
      return false;
    });
    const kept = (await Promise.all(churn)).filter(Boolean).length;
    expect((await all(configMaps)).length).toBe(kept + 1);
    expect(kept).toBeLessThanOrEqual(36);
    await until(async () => (await used()) === String(kept + 1));
    const more = await Promise.all(Array.from({ length: 100 }, (_, i) => create(100 + i)));
    expect(more.filter(Boolean)).toHaveLength(36 - kept);
    expect(await used()).toBe('37');
    await admin
      .resource(configMaps)
      .delete({ namespace: 'shop', name: 'c0' }, signal)
      .catch(() => undefined);
    await admin.resource(resourceQuotas).delete(quota, signal);
  });

  it('were refused nothing', () => {
    expect(refused.splice(0)).toEqual([]);
  });

  it('empty a namespace that is deleted', async () => {
    await admin.resource(deployments).create(deployment, signal);
    await until(async () => (await all(pods)).length === 3);
    await admin.resource(namespaces).delete({ name: 'shop' }, signal);
    await until(async () => !(await all(namespaces)).some(({ metadata }) => metadata.name === 'shop'));
    // Nothing new gets into a namespace that is going: only those who replace pods notice.
    expect(refused.filter((line) => !line.endsWith('kcm/replicaset-controller'))).toEqual([]);
  });
});
