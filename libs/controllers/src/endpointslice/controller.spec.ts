import type { KubeObject } from '@kubephant/api';
import { endpointSlices, nodes, pods, services } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { EndpointSlice, Pod, Service } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { webPod, webService, zonedNode, type PodFacts } from '../testing/services';
import { runEndpointSliceController } from './controller';
import { desiredGroups } from './desired';

const { signal } = new AbortController();
const start = (prepare: (cluster: FakeCluster) => void, max = 100): Promise<Rig> =>
  newRig((context, s) => runEndpointSliceController(context, max, s), prepare);
const slices = ({ cluster }: Rig): readonly EndpointSlice[] => cluster.objects(endpointSlices);
const stored = <T extends KubeObject>(draft: unknown): T => draft as T;

describe('what the slices of a service say', () => {
  const endpoint = (facts: PodFacts, spec: Partial<Service['spec']> = {}): unknown =>
    desiredGroups(stored<Service>(webService(spec)), [stored<Pod>(webPod('a', facts))], (name) =>
      name === 'n1' ? (zonedNode('n1', 'z') as never) : undefined,
    )[0]?.endpoints[0];

  it('where, on which node and in which zone a pod is', () => {
    expect(endpoint({})).toEqual({
      addresses: ['10.1.0.1'],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace: 'ns', name: 'a', uid: 'a-uid' },
      nodeName: 'n1',
      zone: 'z',
    });
  });

  it.each<[string, PodFacts, Partial<Service['spec']>, unknown]>([
    [
      'a pod that is not ready does not serve',
      { ready: false },
      {},
      { conditions: { ready: false, serving: false, terminating: false } },
    ],
    [
      'unless the service publishes such pods',
      { ready: false },
      { publishNotReadyAddresses: true },
      { conditions: { ready: true, serving: false, terminating: false } },
    ],
    [
      'a pod has a name in the domain of its service',
      { spec: { hostname: 'h', subdomain: 'web' } },
      {},
      { hostname: 'h' },
    ],
    [
      'traffic may prefer the zone',
      {},
      { trafficDistribution: 'PreferSameZone' },
      { hints: { forZones: [{ name: 'z' }] } },
    ],
    [
      'traffic may prefer the node',
      {},
      { trafficDistribution: 'PreferSameNode' },
      { hints: { forNodes: [{ name: 'n1' }], forZones: [{ name: 'z' }] } },
    ],
  ])('%s', (_, facts, spec, expected) => expect(endpoint(facts, spec)).toMatchObject(expected as object));

  it.each<[string, PodFacts]>([
    ['has no address', { ip: '' }],
    ['is over', { phase: 'Succeeded' }],
    ['has no address of the family', { ip: 'fd00::1' }],
  ])('nothing of a pod that %s', (_, facts) => expect(endpoint(facts)).toBeUndefined());

  it('that a pod on its way out still serves but is not ready', () => {
    const pod = webPod('a');
    pod.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    const [group] = desiredGroups(stored<Service>(webService()), [stored<Pod>(pod)], () => undefined);
    expect(group?.endpoints[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  });

  it('each family and each meaning of a named port on its own', () => {
    const dual = webService({ ipFamilies: ['IPv4', 'IPv6'] });
    const behind = [webPod('a', { ipv6: 'fd00::1' }), webPod('b', { port: 9090 })].map((pod) => stored<Pod>(pod));
    const groups = desiredGroups(stored<Service>(dual), behind, () => undefined);
    expect(
      groups.map(({ addressType, ports, endpoints }) => [
        addressType,
        ports[0]?.port,
        endpoints.map((e) => e.targetRef?.name),
      ]),
    ).toEqual([
      ['IPv4', 8080, ['a']],
      ['IPv4', 9090, ['b']],
      ['IPv6', 8080, ['a']],
    ]);
  });
});

describe('the endpointslice controller', () => {
  it('writes a slice that is found by its labels and owned by the service', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, webService({ clusterIP: 'None' }));
      cluster.seed(pods, webPod('a'));
      cluster.seed(nodes, zonedNode('n1', 'z'));
    });
    expect(slices(rig)).toMatchObject([
      {
        metadata: {
          generateName: 'web-',
          labels: {
            tier: 'front',
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            'service.kubernetes.io/headless': '',
          },
          ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'web-uid', controller: true }],
        },
        addressType: 'IPv4',
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        endpoints: [{ addresses: ['10.1.0.1'], zone: 'z' }],
      },
    ]);
    await rig.stop();
  });

  it('follows pods as they come, change and go, with one write each', async () => {
    const rig = await start((cluster) => cluster.seed(services, webService()));
    expect(slices(rig)).toMatchObject([{ endpoints: [], ports: [] }]);
    rig.cluster.seed(pods, webPod('a', { ready: false }));
    await rig.settle();
    rig.cluster.change(pods, { namespace: 'ns', name: 'a' }, (pod) => (pod.status!.conditions![0]!.status = 'True'));
    await rig.settle();
    rig.cluster.change(pods, { namespace: 'ns', name: 'a' }, (pod) => (pod.status!.startTime = '2026-01-01T00:00:00Z'));
    await rig.settle();
    expect(slices(rig)).toMatchObject([{ endpoints: [{ conditions: { ready: true } }] }]);
    await rig.cluster.client.resource(pods).delete({ namespace: 'ns', name: 'a' }, signal, { gracePeriodSeconds: 0 });
    await rig.settle();
    expect(slices(rig)).toMatchObject([{ endpoints: [] }]);
    expect(
      rig.cluster.calls
        .filter(({ resource, verb }) => resource !== 'pods' && !['list', 'watch'].includes(verb))
        .map(({ verb }) => verb),
    ).toEqual(['create', 'update', 'update', 'update']);
    await rig.stop();
  });

  it('says with each change when it came about, and counts it', async () => {
    const rig = await start((cluster) => {
      const service = webService({ trafficDistribution: 'PreferClose' });
      service.metadata.creationTimestamp = '2026-01-01T00:00:00Z';
      cluster.seed(services, service);
    });
    const timeOf = (): unknown =>
      slices(rig)[0]?.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'];
    expect(timeOf()).toBe('2026-01-01T00:00:00Z');
    const pod = webPod('a');
    pod.status!.conditions![0]!.lastTransitionTime = '2026-01-01T00:00:07Z';
    rig.cluster.seed(pods, pod);
    await rig.settle();
    expect(timeOf()).toBe('2026-01-01T00:00:07Z');
    await rig.cluster.client.resource(pods).delete({ namespace: 'ns', name: 'a' }, signal, { gracePeriodSeconds: 0 });
    await rig.settle();
    expect([slices(rig)[0]?.endpoints, timeOf()]).toEqual([[], undefined]);

    const text = await rig.context.metrics.registry.metrics();
    const lines = [
      'changes{operation="create"} 1',
      'changes{operation="update"} 2',
      'endpoints_desired 0',
      'num_endpoint_slices 1',
      'desired_endpoint_slices 1',
      'endpoints_added_per_sync_sum 1',
      'endpoints_removed_per_sync_sum 1',
      'endpointslices_changed_per_sync_sum{topology="Disabled",traffic_distribution="PreferClose"} 3',
      'services_count_by_traffic_distribution{traffic_distribution="PreferClose"} 1',
    ];
    for (const line of lines) expect(text).toContain(`endpoint_slice_controller_${line}\n`);
    expect(text).toMatch(/^endpoint_slice_controller_syncs\{result="success"\} \d+$/m);
    await rig.cluster.client.resource(services).delete({ namespace: 'ns', name: 'web' }, signal);
    await rig.settle();
    const after = await rig.context.metrics.registry.metrics();
    expect(after).toContain('endpoint_slice_controller_num_endpoint_slices 0\n');
    expect(after).toContain('traffic_distribution{traffic_distribution="PreferClose"} 0\n');
    await rig.stop();
  });

  it('spreads many endpoints over slices', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, webService());
      for (let i = 0; i < 25; i++) cluster.seed(pods, webPod(`p${i}`, { ip: `10.1.0.${i}` }));
    }, 10);
    expect(
      slices(rig)
        .map(({ endpoints }) => endpoints?.length)
        .sort(),
    ).toEqual([10, 10, 5]);
    await rig.stop();
  });

  it('corrects what others change and leaves what others manage', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, webService());
      cluster.seed(pods, webPod('a'));
      cluster.seed(endpointSlices, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { namespace: 'ns', name: 'foreign', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        endpoints: [],
      });
    });
    const ours = slices(rig).find(({ metadata }) => metadata.name !== 'foreign')!;
    rig.cluster.change(endpointSlices, ours.metadata, (slice) => {
      slice.endpoints = [];
      slice.metadata.labels!['extra'] = 'x';
    });
    await rig.settle();
    expect(rig.cluster.get(endpointSlices, ours.metadata)).toMatchObject({ endpoints: [{ addresses: ['10.1.0.1'] }] });
    expect(rig.cluster.get(endpointSlices, ours.metadata)?.metadata.labels).toEqual(ours.metadata.labels);
    expect(slices(rig)).toHaveLength(2);
    await rig.stop();
  });

  it('says why it could not write, and tries again', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, webService());
      cluster.failNext('create', endpointSlices, new Error('away'));
    });
    expect(rig.recorder.said).toEqual([
      'Warning FailedToUpdateEndpointSlices ns/web: Error updating Endpoint Slices for Service ns/web: away',
    ]);
    expect(slices(rig)).toHaveLength(1);
    await rig.stop();
  });

  it.each([
    ['without a selector', { selector: {} }],
    ['that is only an alias', { type: 'ExternalName' }],
  ])('leaves a service %s alone', async (_, spec) => {
    const rig = await start((cluster) => cluster.seed(services, webService(spec)));
    expect(slices(rig)).toEqual([]);
    await rig.stop();
  });
});
