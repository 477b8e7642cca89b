import { newRig, type Rig } from '../registry/testing/rig';
import { testAdmission } from './testing';

const amounts = { cpu: '2', memory: '1Gi' };

/** A cluster with a pod on a node like this. */
async function newCluster(node: {
  readonly labels?: object;
  readonly declaredFeatures?: readonly string[];
}): Promise<Rig> {
  const bare = newRig();
  const { labels = {}, declaredFeatures = [] } = node;
  await bare.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'ns' } } });
  await bare.ask('POST /api/v1/namespaces/ns/serviceaccounts', { body: { metadata: { name: 'default' } } });
  await bare.ask('POST /api/v1/nodes', { body: { metadata: { name: 'n', labels } } });
  await bare.ask('PATCH /api/v1/nodes/n/status', {
    body: { status: { allocatable: amounts, declaredFeatures } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  const container = { name: 'c', image: 'i', resources: { requests: { cpu: '1', memory: '1Gi' } } };
  const first = { name: 'first', image: 'i', resources: { requests: { cpu: '1' } } };
  const spec = { nodeName: 'n', containers: [container], initContainers: [first] };
  await bare.ask('POST /api/v1/namespaces/ns/pods', { body: { metadata: { name: 'p' }, spec } });
  return newRig({ store: bare.store, clock: bare.clock, admission: testAdmission(bare) });
}

const resize = (cluster: Rig, list: string, name: string, requests: object) =>
  cluster.ask('PATCH /api/v1/namespaces/ns/pods/p/resize', {
    body: { spec: { [list]: [{ name, resources: { requests } }] } },
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
  });

describe('a pod that runs grows', () => {
  it('as far as its node goes', async () => {
    const cluster = await newCluster({});
    expect((await resize(cluster, 'containers', 'c', { cpu: '2' })).status).toBe(200);
    const { status, body } = await resize(cluster, 'containers', 'c', { cpu: '2500m', memory: '2Gi' });
    expect([status, body.message, body.details.causes]).toEqual([
      403,
      `pods "p" is forbidden: node didn't have enough allocatable resources: cpu, requested: 2500, allocatable: 2000; memory, requested: 2147483648, allocatable: 1073741824`,
      [{ reason: 'NodeCapacity' }],
    ]);
  });

  it('on Linux alone', async () => {
    const cluster = await newCluster({ labels: { 'kubernetes.io/os': 'windows' } });
    const { status, body } = await resize(cluster, 'containers', 'c', { cpu: '2' });
    expect([status, body.message, body.details.causes]).toEqual([
      403,
      'pods "p" is forbidden: pod resize is only supported on linux nodes, node "n" is "windows"',
      [{ reason: 'UnsupportedPlatform' }],
    ]);
  });

  it('in ways that its node knows', async () => {
    const { status, body } = await resize(await newCluster({}), 'initContainers', 'first', { cpu: '2' });
    expect([status, body.message]).toEqual([
      403,
      'pods "p" is forbidden: pod update requires features InPlacePodVerticalScalingInitContainers which are not available on node "n"',
    ]);
    const able = await newCluster({ declaredFeatures: ['InPlacePodVerticalScalingInitContainers'] });
    expect((await resize(able, 'initContainers', 'first', { cpu: '2' })).status).toBe(200);
  });
});
