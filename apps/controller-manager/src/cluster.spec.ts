import type { Draft } from '@kubephant/api';
import {
  configMaps,
  deployments,
  endpoints,
  endpointSlices,
  namespaces,
  nodes,
  pods,
  replicaSets,
  serviceAccounts,
  services,
} from '@kubephant/client';
import type { Service } from '@kubephant/schema';
import { deployment, until, withControllers } from './testing/shop';

const { signal } = new AbortController();
const shop = withControllers();
const { all, makeReady, refused } = shop;

const service: Draft<Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};

describe('the controllers at a real API server', () => {
  it('furnish a namespace', async () => {
    await until(async () => (await all(serviceAccounts)).length === 1 && (await all(configMaps)).length === 1);
  });

  it("give a node its pods' addresses", async () => {
    await shop.admin
      .resource(nodes)
      .create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {} }, signal);
    await until(async () => (await all(nodes))[0]?.spec.podCIDR === '10.244.0.0/24');
  });

  it('roll a deployment out and a service over it', async () => {
    await shop.admin.resource(services).create(service, signal);
    await shop.admin.resource(deployments).create(deployment, signal);
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
      await shop.admin
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

  it('collect what a deleted deployment and service leave', async () => {
    await shop.admin
      .resource(deployments)
      .delete({ namespace: 'shop', name: 'web' }, signal, { propagationPolicy: 'Foreground' });
    await shop.admin.resource(services).delete({ namespace: 'shop', name: 'web' }, signal);
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

  it('were refused nothing', () => {
    expect(refused.splice(0)).toEqual([]);
  });

  it('empty a namespace that is deleted', async () => {
    await shop.admin.resource(deployments).create(deployment, signal);
    await until(async () => (await all(pods)).length === 3);
    await shop.admin.resource(namespaces).delete({ name: 'shop' }, signal);
    await until(async () => !(await all(namespaces)).some(({ metadata }) => metadata.name === 'shop'));
    // Nothing new gets into a namespace that is going: only those who replace pods notice.
    expect(refused.filter((line) => !line.endsWith('kcm/replicaset-controller'))).toEqual([]);
  });
});
