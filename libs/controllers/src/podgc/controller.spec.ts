import type { Draft } from '@kubephant/api';
import { nodes, pods } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Node, Pod } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { runPodGc } from './controller';
import { defaultPodGc, type PodGcConfig } from './decide';

const node = (name: string, taint?: string): Draft<Node> => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: taint ? { taints: [{ key: taint, effect: 'NoExecute' }] } : {},
});
const pod = (name: string, nodeName: string, { going = false, phase = 'Running', created = 0 } = {}): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'ns',
    name,
    creationTimestamp: `2026-01-01T00:00:0${created}Z`,
    ...(going && { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 }),
  },
  spec: { containers: [], ...(nodeName && { nodeName }) },
  status: { phase },
});
const start = (prepare: (cluster: FakeCluster) => void, config: Partial<PodGcConfig> = {}): Promise<Rig> =>
  newRig((context, signal) => runPodGc(context, { ...defaultPodGc, ...config }, signal), prepare);
const names = ({ cluster }: Rig): string[] => cluster.objects(pods).map(({ metadata }) => metadata.name);

describe('the pod garbage collector', () => {
  it('removes pods of a node that has been gone for a while', async () => {
    const rig = await start((cluster) => {
      cluster.seed(nodes, node('here'));
      cluster.seed(pods, pod('a', 'here'));
      cluster.seed(pods, pod('b', 'gone'));
      cluster.seed(pods, pod('c', 'back'));
    });
    await rig.settle(20_000);
    rig.cluster.seed(nodes, node('back'));
    expect(names(rig)).toEqual(['a', 'b', 'c']);
    await rig.settle(40_000);
    expect(names(rig)).toEqual(['a', 'c']);
    await rig.stop();
  });

  it('removes pods that no kubelet will let go', async () => {
    const rig = await start((cluster) => {
      cluster.seed(nodes, node('here'));
      cluster.seed(nodes, node('broken', 'node.kubernetes.io/out-of-service'));
      cluster.seed(pods, pod('homeless', '', { going: true }));
      cluster.seed(pods, pod('lost', 'broken', { going: true }));
      cluster.seed(pods, pod('stopping', 'here', { going: true }));
      cluster.seed(pods, pod('waiting', ''));
    });
    expect(names(rig)).toEqual(['stopping', 'waiting']);
    await rig.stop();
  });

  it('keeps so many pods that are over, the newest', async () => {
    const rig = await start(
      (cluster) => {
        cluster.seed(nodes, node('n'));
        cluster.seed(pods, pod('old', 'n', { phase: 'Succeeded', created: 1 }));
        cluster.seed(pods, pod('new', 'n', { phase: 'Failed', created: 2 }));
        cluster.seed(pods, pod('alive', 'n'));
      },
      { terminatedThreshold: 1 },
    );
    expect(names(rig)).toEqual(['alive', 'new']);
    await rig.stop();
  });
});
