import type { KubeObject } from '@kubephant/api';
import type { DeviceClass, Pod, ResourceClaim, ResourceQuota } from '@kubephant/schema';
import { noAmounts, toResourceList, withoutZeros } from './amounts';
import { deviceClaims, isClaimOf, podNameOf } from './device-claims';
import { countedBy, objectCount, type Evaluator } from './evaluator';
import { pods } from './pods';
import { usageIn } from './quotas';
import { services } from './services';
import { volumeClaims } from './volume-claims';

const nowMs = Date.parse('2026-01-01T00:00:00Z');
const podEvaluator = pods(() => nowMs);
const gpuClass = { metadata: { name: 'gpu' }, spec: { extendedResourceName: 'example.com/gpu' } } as DeviceClass;
const devices = deviceClaims({ deviceClasses: () => [gpuClass], podUsage: () => noAmounts });

const used = (evaluator: Evaluator, obj: object): Record<string, string> =>
  toResourceList(withoutZeros(evaluator.usage({ metadata: {}, ...obj } as unknown as KubeObject)));

const pod = (containers: readonly object[], rest: object = {}): object => ({
  spec: { containers, ...rest },
});
const container = (requests: object, limits: object = {}): object => ({ name: 'c', resources: { requests, limits } });

describe('a pod counts', () => {
  it.each([
    ['once, whatever it needs', pod([{ name: 'c' }]), { 'count/pods': '1', pods: '1' }],
    [
      'by what its containers ask for and may use',
      pod([container({ cpu: '1', memory: '1Gi' }, { cpu: '2' }), container({ cpu: '500m' })]),
      {
        'count/pods': '1',
        pods: '1',
        cpu: '1500m',
        'requests.cpu': '1500m',
        'limits.cpu': '2',
        memory: '1Gi',
        'requests.memory': '1Gi',
      },
    ],
    [
      'by its extended resources, huge pages and devices of a class',
      pod([
        container({
          'example.com/gpu': '2',
          'hugepages-2Mi': '4Mi',
          'deviceclass.resource.kubernetes.io/gpu': '1',
          'kubernetes.io/other': '1',
        }),
      ]),
      {
        'count/pods': '1',
        pods: '1',
        'requests.example.com/gpu': '2',
        'hugepages-2Mi': '4Mi',
        'requests.hugepages-2Mi': '4Mi',
        'requests.deviceclass.resource.kubernetes.io/gpu': '1',
      },
    ],
    [
      'as an object alone when it is over',
      { ...pod([container({ cpu: '1' })]), status: { phase: 'Succeeded' } },
      { 'count/pods': '1' },
    ],
    [
      'as an object alone when it should be gone long since',
      {
        ...pod([container({ cpu: '1' })]),
        metadata: { deletionTimestamp: '2025-12-31T23:59:00Z', deletionGracePeriodSeconds: 30 },
      },
      { 'count/pods': '1' },
    ],
  ])('%s', (_, obj, expected) => expect(used(podEvaluator, obj)).toEqual(expected));
});

describe('a service counts', () => {
  const ports = [{ port: 80 }, { port: 81, nodePort: 30_000 }];
  it.each([
    ['', { type: 'ClusterIP', ports }, {}],
    ['by its node ports', { type: 'NodePort', ports }, { 'services.nodeports': '2' }],
    ['as load balancer', { type: 'LoadBalancer', ports }, { 'services.nodeports': '2', 'services.loadbalancers': '1' }],
    [
      'by the node ports it names where none are given out',
      { type: 'LoadBalancer', ports, allocateLoadBalancerNodePorts: false },
      { 'services.nodeports': '1', 'services.loadbalancers': '1' },
    ],
  ])('once, %s', (_, spec, more) =>
    expect(used(services, { spec })).toEqual({ 'count/services': '1', services: '1', ...more }),
  );
});

it('a claim of a volume counts by class and by what was allocated to it where that is more', () => {
  const claim = {
    spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
    status: { allocatedResources: { storage: '2Gi' } },
  };
  expect(used(volumeClaims, claim)).toEqual({
    'count/persistentvolumeclaims': '1',
    persistentvolumeclaims: '1',
    'requests.storage': '2Gi',
    'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    'gold.storageclass.storage.k8s.io/requests.storage': '2Gi',
  });
});

describe('a claim of devices', () => {
  const asking = (count: number, deviceClassName = 'gpu') => ({ deviceClassName, allocationMode: 'ExactCount', count });
  const claim = (...requests: readonly object[]) => ({ spec: { devices: { requests } } });

  it('counts by class and as extended resource', () => {
    expect(used(devices, claim({ exactly: asking(2) }, { exactly: asking(1) }))).toEqual({
      'count/resourceclaims.resource.k8s.io': '1',
      'gpu.deviceclass.resource.k8s.io/devices': '3',
      'requests.deviceclass.resource.kubernetes.io/gpu': '3',
      'requests.example.com/gpu': '3',
    });
  });

  it('counts as the most that its alternatives could take of each class', () => {
    const all = { deviceClassName: 'nic', allocationMode: 'All' };
    expect(used(devices, claim({ firstAvailable: [asking(2), asking(4), all, asking(3, 'nic')] }))).toMatchObject({
      'gpu.deviceclass.resource.k8s.io/devices': '4',
      'nic.deviceclass.resource.k8s.io/devices': '32',
    });
  });

  it.each([
    ['count/resourceclaims.resource.k8s.io', true],
    ['gpu.deviceclass.resource.k8s.io/devices', true],
    ['requests.example.com/gpu', true],
    ['requests.example.com/other', false],
    ['requests.deviceclass.resource.kubernetes.io/gpu', true],
    ['requests.deviceclass.resource.kubernetes.io/other', false],
    ['requests.cpu', false],
  ])('is what a limit of %s is about: %s', (name, expected) => expect(devices.counts(name)).toBe(expected));

  const madeFor = (uid: string, name: string, creationTimestamp = '2026-01-01T00:00:00Z'): ResourceClaim =>
    ({
      metadata: {
        name,
        creationTimestamp,
        annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid, controller: true }],
      },
      ...claim({ exactly: asking(2) }),
    }) as unknown as ResourceClaim;
  const owner = {
    metadata: { name: 'p', uid: 'u' },
    ...pod([container({ 'example.com/gpu': '2' })]),
  } as unknown as Pod;

  it('that a pod was given for its extended resources is not charged for again', () => {
    const evaluator = deviceClaims({
      deviceClasses: () => [gpuClass],
      podUsage: (obj) => (podNameOf(obj) === 'p' ? podEvaluator.usage(owner) : undefined),
    });
    expect(Object.keys(used(evaluator, madeFor('u', 'c')))).toEqual([
      'count/resourceclaims.resource.k8s.io',
      'gpu.deviceclass.resource.k8s.io/devices',
      'requests.deviceclass.resource.kubernetes.io/gpu',
    ]);
  });

  it('belongs to the pod that says so, or as the first of those that name it', () => {
    const [first, second] = [madeFor('u', 'b'), madeFor('u', 'a', '2026-01-01T00:00:01Z')];
    expect([first, second, madeFor('other', 'c')].map((each) => isClaimOf(owner, each, [first, second]))).toEqual([
      true,
      false,
      false,
    ]);
    const knowing = { ...owner, status: { extendedResourceClaimStatus: { resourceClaimName: 'a' } } } as unknown as Pod;
    expect([first, second].map((each) => isClaimOf(knowing, each, []))).toEqual([false, true]);
  });
});

it.each([
  ['count/deployments.apps', 'deployments.apps'],
  ['secrets', 'secrets'],
  ['pods', undefined],
  ['requests.cpu', undefined],
])('a limit of %s counts the objects of %s', (name, resource) => expect(countedBy(name)).toBe(resource));

it('a quota counts what it limits, in its scopes alone', () => {
  const quota = (spec: object): ResourceQuota => ({ metadata: { name: 'q' }, spec }) as unknown as ResourceQuota;
  const obj = { metadata: {}, ...pod([container({ cpu: '1' })]) } as unknown as KubeObject;
  const usage = (spec: object): object => toResourceList(usageIn(quota(spec), podEvaluator, obj));
  expect(usage({ hard: { pods: '1', services: '1' } })).toEqual({ pods: '1' });
  expect(usage({ hard: { pods: '1' }, scopes: ['NotBestEffort'] })).toEqual({ pods: '1' });
  expect(usage({ hard: { pods: '1' }, scopes: ['BestEffort'] })).toEqual({});
  const secrets = quota({ hard: { secrets: '1' }, scopes: ['BestEffort'] });
  expect(usageIn(secrets, objectCount('secrets'), obj).size).toBe(0);
});
