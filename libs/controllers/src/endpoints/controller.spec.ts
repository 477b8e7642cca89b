import type { Draft } from '@kubephant/api';
import { endpoints, pods, services } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Endpoints, Pod, Service } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { webPod, webService } from '../testing/services';
import { runEndpointsController } from './controller';
import { subsetsOf } from './subsets';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'web' };
const start = (prepare: (cluster: FakeCluster) => void): Promise<Rig> => newRig(runEndpointsController, prepare);

describe('subsets', () => {
  const subsets = (service: Draft<Service>, ...behind: Draft<Pod>[]): unknown =>
    subsetsOf(service as Service, behind as Pod[]);
  const reference = (name: string): object => ({
    nodeName: 'n1',
    targetRef: { kind: 'Pod', namespace: 'ns', name, uid: `${name}-uid` },
  });

  it('tell ready from not ready, with the ports they share', () => {
    const behind = [webPod('b', { ip: '10.1.0.2' }), webPod('a'), webPod('c', { ip: '10.1.0.3', ready: false })];
    expect(subsets(webService(), ...behind)).toEqual({
      truncated: false,
      subsets: [
        {
          addresses: [
            { ip: '10.1.0.1', ...reference('a') },
            { ip: '10.1.0.2', ...reference('b') },
          ],
          notReadyAddresses: [{ ip: '10.1.0.3', ...reference('c') }],
          ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        },
      ],
    });
  });

  it('hold a thousand addresses, ready ones first', () => {
    const many = Array.from({ length: 1100 }, (_, i) =>
      webPod(`p${i}`, { ip: `10.1.${i >> 8}.${i & 255}`, ready: i >= 200 }),
    );
    const {
      subsets: [only],
      truncated,
    } = subsetsOf(webService() as Service, many as Pod[]);
    expect([only?.addresses?.length, only?.notReadyAddresses?.length, truncated]).toEqual([900, 100, true]);
  });

  it('leave out pods without the named port, and keep pods of a headless service without ports', () => {
    const portless = webPod('a', { spec: { containers: [{ name: 'c' }] } });
    expect(subsets(webService(), portless)).toEqual({ truncated: false, subsets: [] });
    expect(subsets(webService({ clusterIP: 'None', ports: [] }), portless)).toMatchObject({
      subsets: [{ addresses: [{ ip: '10.1.0.1' }] }],
    });
  });
});

describe('the endpoints controller', () => {
  it('says with each change when it came about', async () => {
    const rig = await start((cluster) => {
      const service = webService();
      service.metadata.creationTimestamp = '2026-01-01T00:00:00Z';
      cluster.seed(services, service);
    });
    const timeOf = (): unknown =>
      rig.cluster.get(endpoints, key)?.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'];
    expect(timeOf()).toBe('2026-01-01T00:00:00Z');
    const pod = webPod('a');
    pod.status!.conditions![0]!.lastTransitionTime = '2026-01-01T00:00:07Z';
    rig.cluster.seed(pods, pod);
    await rig.settle();
    expect(timeOf()).toBe('2026-01-01T00:00:07Z');
    await rig.cluster.client.resource(pods).delete({ namespace: 'ns', name: 'a' }, signal, { gracePeriodSeconds: 0 });
    await rig.settle();
    expect([rig.cluster.get(endpoints, key)?.subsets, timeOf()]).toEqual([[], undefined]);
    await rig.stop();
  });

  it('keeps an object of the name of the service, as long as there is one', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, webService());
      cluster.seed(pods, webPod('a'));
    });
    expect(rig.cluster.get(endpoints, key)).toMatchObject({
      metadata: { labels: { tier: 'front', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
      subsets: [{ addresses: [{ ip: '10.1.0.1' }], ports: [{ port: 8080 }] }],
    });
    await rig.cluster.client.resource(services).delete(key, signal);
    await rig.settle();
    expect(rig.cluster.objects(endpoints)).toEqual([]);
    await rig.stop();
  });

  it('leaves endpoints alone that people made', async () => {
    const own: Draft<Endpoints> = { apiVersion: 'v1', kind: 'Endpoints', metadata: { namespace: 'ns', name: 'own' } };
    const rig = await start((cluster) => cluster.seed(endpoints, own));
    expect(rig.cluster.objects(endpoints)).toHaveLength(1);
    await rig.stop();
  });

  it('writes nothing when nothing changes', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, webService());
      cluster.seed(pods, webPod('a'));
    });
    rig.cluster.change(pods, { namespace: 'ns', name: 'a' }, (pod) => (pod.status!.startTime = '2026-01-01T00:00:00Z'));
    await rig.settle();
    expect(rig.cluster.calls.filter(({ verb }) => !['list', 'watch'].includes(verb))).toHaveLength(1);
    await rig.stop();
  });
});
