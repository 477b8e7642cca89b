import type { Draft } from '@kubephant/api';
import { endpoints, endpointSlices, services } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Endpoints, EndpointSlice, Service } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { runEndpointSliceMirroringController } from './controller';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'db' };
const service = (spec: Partial<Service['spec']> = {}): Draft<Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...key },
  spec: { ports: [{ port: 5432 }], ...spec },
});
const written = (metadata: Partial<Endpoints['metadata']> = {}, ip = '192.0.2.1'): Draft<Endpoints> => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { ...key, uid: 'db-uid', ...metadata },
  subsets: [{ addresses: [{ ip }], ports: [{ port: 5432, protocol: 'TCP' }] }],
});
const start = (prepare: (cluster: FakeCluster) => void, max = 1000): Promise<Rig> =>
  newRig((context, s) => runEndpointSliceMirroringController(context, max, s), prepare);
const slices = ({ cluster }: Rig): readonly EndpointSlice[] => cluster.objects(endpointSlices);
const both = (cluster: FakeCluster): void => {
  cluster.seed(services, service());
  cluster.seed(endpoints, written());
};

describe('the endpointslice mirroring controller', () => {
  it('writes slices that the service is found by, and the Endpoints own', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, service());
      cluster.seed(
        endpoints,
        written({
          labels: { a: 'b' },
          annotations: {
            c: 'd',
            'kubectl.kubernetes.io/last-applied-configuration': '{}',
            'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
          },
        }),
      );
    });
    expect(slices(rig)).toMatchObject([
      {
        metadata: {
          generateName: 'db-',
          ownerReferences: [{ apiVersion: 'v1', kind: 'Endpoints', name: 'db', uid: 'db-uid', controller: true }],
        },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['192.0.2.1'], conditions: { ready: true } }],
        ports: [{ name: '', port: 5432, protocol: 'TCP' }],
      },
    ]);
    expect(slices(rig)[0]?.metadata).toMatchObject({
      labels: {
        a: 'b',
        'kubernetes.io/service-name': 'db',
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
      annotations: { c: 'd', 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' },
    });
    expect(Object.keys(slices(rig)[0]?.metadata.annotations ?? {})).toHaveLength(2);
    await rig.stop();
  });

  it('follows what is written, in the slice that is there', async () => {
    const rig = await start(both);
    const [before] = slices(rig);
    rig.cluster.change(endpoints, key, (obj) => (obj.subsets = written({}, '192.0.2.2').subsets!));
    await rig.settle();
    rig.cluster.change(endpoints, key, (obj) => (obj.metadata.annotations = { x: 'y' }));
    await rig.settle();
    expect(slices(rig)).toMatchObject([
      {
        metadata: { name: before?.metadata.name, annotations: { x: 'y' } },
        endpoints: [{ addresses: ['192.0.2.2'] }],
      },
    ]);
    expect(rig.cluster.calls.filter(({ verb }) => verb === 'update')).toHaveLength(2);
    await rig.stop();
  });

  it.each<[string, (cluster: FakeCluster) => unknown]>([
    ['the addresses', (cluster) => cluster.change(endpoints, key, (obj) => (obj.subsets = []))],
    ['the Endpoints', (cluster) => cluster.client.resource(endpoints).delete(key, signal)],
    ['the service', (cluster) => cluster.client.resource(services).delete(key, signal)],
    [
      'the permission to mirror',
      (cluster) =>
        cluster.change(endpoints, key, (obj) => {
          obj.metadata.labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
        }),
    ],
    [
      'the lack of a selector',
      (cluster) => cluster.change(services, key, (obj) => (obj.spec.selector = { app: 'db' })),
    ],
  ])('takes slices away with %s', async (_, take) => {
    const rig = await start(both);
    expect(slices(rig)).toHaveLength(1);
    await take(rig.cluster);
    await rig.settle();
    expect(slices(rig)).toEqual([]);
    await rig.stop();
  });

  it.each<[string, (cluster: FakeCluster) => void]>([
    ['Endpoints without a service', (cluster) => void cluster.seed(endpoints, written())],
    [
      'Endpoints of a service that selects pods',
      (cluster) => {
        cluster.seed(services, service({ selector: { app: 'db' } }));
        cluster.seed(endpoints, written());
      },
    ],
    [
      'Endpoints that are only a lock',
      (cluster) => {
        cluster.seed(services, service());
        cluster.seed(endpoints, written({ annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }));
      },
    ],
  ])('leaves %s alone', async (_, prepare) => {
    const rig = await start(prepare);
    expect(slices(rig)).toEqual([]);
    await rig.stop();
  });

  it('replaces the slices of Endpoints that were made anew, and leaves slices that are not its own', async () => {
    const rig = await start((cluster) => {
      both(cluster);
      const labels = { 'kubernetes.io/service-name': 'db' };
      cluster.seed(endpointSlices, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { namespace: 'ns', name: 'by-hand', labels },
        addressType: 'IPv4',
        endpoints: [],
      });
      cluster.seed(endpointSlices, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          namespace: 'ns',
          name: 'of-before',
          labels: {
            ...labels,
            'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
          },
        },
        addressType: 'IPv4',
        endpoints: [],
      });
    });
    const names = slices(rig).map(({ metadata }) => metadata.name);
    expect(names).toHaveLength(2);
    expect(names).toContain('by-hand');
    expect(names).not.toContain('of-before');
    await rig.stop();
  });

  it('says what it could not mirror, and why it could not write', async () => {
    const rig = await start((cluster) => {
      cluster.seed(services, service());
      const addresses = ['x', '192.0.2.1', '192.0.2.2'].map((ip) => ({ ip }));
      cluster.seed(endpoints, { ...written(), subsets: [{ addresses }] });
      cluster.failNext('create', endpointSlices, new Error('away'));
    }, 1);
    const skips = [
      'Warning InvalidIPAddress ns/db: Skipped 1 invalid IP addresses when mirroring to EndpointSlices',
      'Warning TooManyAddressesToMirror ns/db: A max of 1 addresses can be mirrored to EndpointSlices per Endpoints subset. 1 addresses were skipped',
    ];
    expect(rig.recorder.said.slice(0, 3)).toEqual([
      ...skips,
      'Warning FailedToUpdateEndpointSlices ns/db: Error updating Endpoint Slices for Endpoints ns/db: away',
    ]);
    expect(slices(rig)).toHaveLength(1);
    await rig.stop();
  });

  it('counts under upstream’s names', async () => {
    const rig = await start(both);
    rig.cluster.change(endpoints, key, (obj) => {
      obj.subsets = [{ notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ port: 5432, protocol: 'TCP' }] }];
    });
    await rig.settle();
    const text = await rig.context.metrics.registry.metrics();
    const lines = [
      'changes{operation="create"} 1',
      'changes{operation="update"} 1',
      'endpoints_desired 1',
      'num_endpoint_slices 1',
      'desired_endpoint_slices 1',
      'endpoints_updated_per_sync_sum 1',
      'endpoints_added_per_sync_sum 1',
      'addresses_skipped_per_sync_sum 0',
    ];
    for (const line of lines) expect(text).toContain(`endpoint_slice_mirroring_controller_${line}\n`);
    expect(text).toContain('endpoint_slice_mirroring_controller_endpoints_sync_duration_count');
    await rig.stop();
  });
});
