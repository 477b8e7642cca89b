import type { Draft } from '@kubephant/api';
import { persistentVolumeClaims, persistentVolumes, pods } from '@kubephant/client';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@kubephant/schema';
import { newRig } from '../testing/rig';
import { claimFinalizer, volumeFinalizer } from './claims';
import { runClaimProtection, runVolumeProtection } from './controller';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'data' };
const claim: Draft<PersistentVolumeClaim> = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { ...key, finalizers: [claimFinalizer] },
  spec: {},
};
const user = (nodeName?: string): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'ns', name: 'p' },
  spec: {
    containers: [],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    ...(nodeName && { nodeName }),
  },
});
const volume = (phase: string): Draft<PersistentVolume> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'v', finalizers: [volumeFinalizer] },
  spec: {},
  status: { phase },
});

describe('a claim', () => {
  it('that pods use stays until the last of them is gone', async () => {
    const rig = await newRig(runClaimProtection, (cluster) => {
      cluster.seed(persistentVolumeClaims, claim);
      cluster.seed(pods, user('n'));
    });
    await rig.cluster.client.resource(persistentVolumeClaims).delete(key, signal);
    await rig.settle();
    expect(rig.cluster.get(persistentVolumeClaims, key)?.metadata.finalizers).toEqual([claimFinalizer]);
    await rig.cluster.client.resource(pods).delete({ namespace: 'ns', name: 'p' }, signal, { gracePeriodSeconds: 0 });
    await rig.settle();
    expect(rig.cluster.get(persistentVolumeClaims, key)).toBeUndefined();
    await rig.stop();
  });

  it('that only a pod without a node names goes at once', async () => {
    const rig = await newRig(runClaimProtection, (cluster) => {
      cluster.seed(persistentVolumeClaims, claim);
      cluster.seed(pods, user());
    });
    await rig.cluster.client.resource(persistentVolumeClaims).delete(key, signal);
    await rig.settle();
    expect(rig.cluster.get(persistentVolumeClaims, key)).toBeUndefined();
    await rig.stop();
  });

  it('without protection gets it', async () => {
    const rig = await newRig(runClaimProtection, (cluster) => {
      cluster.seed(persistentVolumeClaims, { ...claim, metadata: key });
    });
    expect(rig.cluster.get(persistentVolumeClaims, key)?.metadata.finalizers).toEqual([claimFinalizer]);
    await rig.stop();
  });
});

it.each([
  ['Bound', true],
  ['Released', false],
])('a volume that is %s stays when it is deleted: %s', async (phase, stays) => {
  const rig = await newRig(runVolumeProtection, (cluster) => {
    cluster.seed(persistentVolumes, volume(phase));
  });
  await rig.cluster.client.resource(persistentVolumes).delete({ name: 'v' }, signal);
  await rig.settle();
  expect(rig.cluster.get(persistentVolumes, { name: 'v' }) !== undefined).toBe(stays);
  await rig.stop();
});
