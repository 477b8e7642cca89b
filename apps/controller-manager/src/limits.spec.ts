import { is, type Draft, type KubeObject, type ObjectKey } from '@kubephant/api';
import {
  configMaps,
  deployments,
  podDisruptionBudgets,
  pods,
  resourceQuotas,
  type ResourceRef,
} from '@kubephant/client';
import type { Pod, PodDisruptionBudgetSpec, ResourceQuota } from '@kubephant/schema';
import { deployment, namespace, until, withControllers } from './testing/shop';

const { signal } = new AbortController();
const shop = withControllers();
const { all, makeReady, refused } = shop;

const labels = { app: 'web' };
const definitions: ResourceRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
const sets: ResourceRef = { group: 'x.io', version: 'v1', plural: 'sets', kind: 'Set', namespaced: true };
const objectOf = (properties: object): object => ({ type: 'object', properties });
const counted = objectOf({ replicas: { type: 'integer' } });
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'sets.x.io' },
  spec: {
    group: 'x.io',
    scope: 'Namespaced',
    names: { plural: 'sets', kind: 'Set' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
        schema: { openAPIV3Schema: objectOf({ spec: counted, status: counted }) },
      },
    ],
  },
};

const limit = (name: string, hard: Record<string, string>): Promise<ResourceQuota> =>
  shop.admin
    .resource(resourceQuotas)
    .create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace, name }, spec: { hard } }, signal);
const statusOf = async (name: string): Promise<ResourceQuota['status']> =>
  (await shop.admin.resource(resourceQuotas).get({ namespace, name }, signal)).status;

/** Waits for how many may go. */
async function untilAllowed(count: number): Promise<void> {
  await until(async () => {
    await makeReady();
    return (await all(podDisruptionBudgets))[0]?.status?.disruptionsAllowed === count;
  });
}

async function guard(spec: Omit<PodDisruptionBudgetSpec, 'selector'>): Promise<ObjectKey> {
  const metadata = { namespace, name: 'web' };
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata } as const;
  await shop.admin
    .resource(podDisruptionBudgets)
    .create({ ...budget, spec: { ...spec, selector: { matchLabels: labels } } }, signal);
  return metadata;
}

/** Whether it is let in. */
async function isLetIn(asked: Promise<unknown>, reason: 'Forbidden' | 'TooManyRequests'): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (err) {
    if (!is(reason, err)) throw err;
    return false;
  }
}

const evict = ({ metadata: { name } }: KubeObject): Promise<unknown> => {
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  return shop.admin.resource(pods).post({ namespace, name }, 'eviction', body, signal);
};

describe('a disruption budget', () => {
  it('says how many pods may be evicted', async () => {
    await shop.admin.resource(deployments).create(deployment, signal);
    await until(async () => (await all(pods)).length === 3);
    const budget = await guard({ minAvailable: 2 });
    await untilAllowed(1);
    const asked = await Promise.all((await all(pods)).map((pod) => isLetIn(evict(pod), 'TooManyRequests')));
    expect(asked.filter(Boolean)).toHaveLength(1);
    // One that takes its place is healthy at last.
    await untilAllowed(1);
    await shop.admin.resource(podDisruptionBudgets).delete(budget, signal);
    await shop.admin.resource(deployments).delete({ namespace, name: 'web' }, signal);
    await until(async () => (await all(pods)).length === 0);
  });

  it('and a quota know custom resources: those by their scale, these by their number', async () => {
    await shop.admin.resource(definitions).create(definition, signal);
    await until(async () => {
      const [condition] = (
        await all<KubeObject & { status?: { conditions?: { status: string }[] } }>(definitions)
      ).flatMap(({ status }) => status?.conditions?.slice(-1) ?? []);
      return condition?.status === 'True';
    });
    await limit('sets', { 'count/sets.x.io': '1' });
    const used = async (): Promise<string | undefined> => (await statusOf('sets'))?.used?.['count/sets.x.io'];
    await until(async () => (await used()) === '0');
    const set = { apiVersion: 'x.io/v1', kind: 'Set', metadata: { namespace, name: 's' }, spec: { replicas: 3 } };
    const { uid } = (await shop.admin.resource(sets).create(set, signal)).metadata;
    expect(await used()).toBe('1');
    for (const name of ['a', 'b', 'c']) {
      const ownerReferences = [{ apiVersion: 'x.io/v1', kind: 'Set', name: 's', uid, controller: true }];
      const spec = { containers: [{ name: 'c', image: 'i' }] };
      const metadata = { namespace, name, labels, ownerReferences };
      const pod: Draft<Pod> = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
      await shop.admin.resource(pods).create(pod, signal);
    }
    const budget = await guard({ maxUnavailable: '34%' });
    await untilAllowed(2);
    await shop.admin.resource(podDisruptionBudgets).delete(budget, signal);
    await shop.admin.resource(sets).delete({ namespace, name: 's' }, signal);
    await until(async () => (await used()) === '0');
  });
});

describe('a quota', () => {
  const create = (i: number): Promise<boolean> => {
    const metadata = { namespace, name: `c${i}` };
    const created = shop.admin.resource(configMaps).create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, signal);
    return isLetIn(created, 'Forbidden');
  };

  it('holds while it is counted and others use it up', async () => {
    const hard = { 'count/configmaps': '37', 'requests.storage': '1Gi' };
    await limit('q', hard);
    const used = async (): Promise<string | undefined> => (await statusOf('q'))?.used?.['count/configmaps'];
    // The root certificate is one.
    await until(async () => (await used()) === '1');
    expect(await statusOf('q')).toEqual({ hard, used: { 'count/configmaps': '1', 'requests.storage': '0' } });
    // Half of what is made is deleted at once, so that the quota is counted again and again meanwhile.
    const churn = Array.from({ length: 100 }, async (_, i) => {
      if (!(await create(i))) return false;
      if (i % 2 === 0) return true;
      await shop.admin.resource(configMaps).delete({ namespace, name: `c${i}` }, signal);
      return false;
    });
    const kept = (await Promise.all(churn)).filter(Boolean).length;
    expect((await all(configMaps)).length).toBe(kept + 1);
    expect(kept).toBeLessThanOrEqual(36);
    await until(async () => (await used()) === String(kept + 1));
    const more = await Promise.all(Array.from({ length: 100 }, (_, i) => create(100 + i)));
    expect(more.filter(Boolean)).toHaveLength(36 - kept);
    expect(await used()).toBe('37');
  });
});

it('the controllers were refused nothing', () => expect(refused).toEqual([]));
