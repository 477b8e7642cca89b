import type { Pod } from '@kubephant/schema';
import { decide, slowStartBatches } from './decide';
import type { ReplicaOwner } from './kinds';
import { inDeletionOrder } from './ranking';

const now = Date.parse('2026-01-02T00:00:00Z');
const base: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: '', uid: '', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { nodeName: 'n', containers: [] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  },
};
const pod = (uid: string, change: (p: Pod) => void = () => undefined): Pod => {
  const copy = structuredClone(base);
  copy.metadata.uid = uid;
  change(copy);
  return copy;
};
const owner = (replicas: number): ReplicaOwner => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'x', uid: 'x', resourceVersion: '1' },
  spec: { replicas },
});
const many = (count: number): Pod[] => Array.from({ length: count }, (_, i) => pod(String(i).padStart(4, '0')));

describe('surplus pods', () => {
  it.each<[string, (p: Pod) => void]>([
    ['that are on no node', (p) => (p.spec.nodeName = '')],
    ['that are pending', (p) => (p.status!.phase = 'Pending')],
    ['that are not ready', (p) => (p.status!.conditions = [])],
    ['that cost less', (p) => (p.metadata.annotations = { 'controller.kubernetes.io/pod-deletion-cost': '-1' })],
    ['that became ready much later', (p) => (p.status!.conditions![0]!.lastTransitionTime = '2026-01-01T23:00:00Z')],
    [
      'that restarted more often',
      (p) => (p.status!.containerStatuses = [{ name: 'c', ready: true, restartCount: 3, image: '', imageID: '' }]),
    ],
    ['that are much younger', (p) => (p.metadata.creationTimestamp = '2026-01-01T23:00:00Z')],
    ['whose uid comes first', (p) => (p.metadata.uid = 'a')],
  ])('%s go first', (_, change) => {
    const [first] = inDeletionOrder([pod('k'), pod('m', change)], [], now);
    expect(first).toEqual(pod('m', change));
  });

  it('on crowded nodes go first', () => {
    const lonely = pod('a', (p) => (p.spec.nodeName = 'other'));
    const all = [lonely, pod('b'), pod('c')];
    expect(inDeletionOrder(all, all, now).map((p) => p.metadata.uid)).toEqual(['b', 'c', 'a']);
  });

  it('of about the same age are told apart by uid', () => {
    const young = pod('b', (p) => (p.metadata.creationTimestamp = '2026-01-01T00:10:00Z'));
    expect(inDeletionOrder([young, pod('a')], [], now)[0]?.metadata.uid).toBe('a');
  });
});

describe('the decision', () => {
  it.each([
    ['creates what is missing', 3, 1, { create: 2 }],
    ['does nothing when all are there', 2, 2, { create: 0 }],
    ['creates at most 500 in one go', 2000, 0, { create: 500 }],
  ])('%s', (_, replicas, active, expected) => {
    expect(decide(owner(replicas), many(active), [], now)).toEqual(expected);
  });

  it('removes at most 500 in one go', () => {
    const decision = decide(owner(0), many(600), [], now);
    expect('remove' in decision && decision.remove.length).toBe(500);
  });
});

it.each([
  [0, []],
  [1, [1]],
  [8, [1, 2, 4, 1]],
  [500, [1, 2, 4, 8, 16, 32, 64, 128, 245]],
])('%i calls start slowly', (count, batches) => expect(slowStartBatches(count)).toEqual(batches));
