import type { Node, Pod } from '@kubephant/schema';
import { decidingPlugins } from '../plugins';
import { makeNode, makePod } from '../testing';
import { newCache } from './cache';
import { decide, explain } from './cycle';

function place(pod: Pod, nodes: readonly Node[], present: readonly Pod[] = []): string {
  const cache = newCache();
  present.forEach((other) => cache.setPod(other));
  nodes.forEach((node) => cache.setNode(node));
  const decision = decide(decidingPlugins(labelsOf), pod, cache.snapshot(), () => 0);
  return decision.kind === 'fits' ? decision.nodeName : decision.message;
}

const labelsOf = (namespace: string) => ({ team: namespace });
const on = (nodeName: string, pod: Pod): Pod => ({ ...pod, spec: { ...pod.spec, nodeName } });
const tainted = (name: string, effect: string): Node =>
  makeNode(name, {}, { spec: { taints: [{ key: 'k', value: 'v', effect }] } });

describe('a pod goes', () => {
  it.each<[string, Pod, Node[], Pod[], string]>([
    [
      'to the node with the most room',
      makePod('p', { cpu: '1' }),
      [makeNode('a'), makeNode('b')],
      [on('a', makePod('x', { cpu: '2', memory: '1Gi' }))],
      'b',
    ],
    [
      'where its node selector points',
      makePod('p', {}, { nodeSelector: { disk: 'ssd' } }),
      [makeNode('a'), makeNode('b', {}, { labels: { disk: 'ssd' } })],
      [],
      'b',
    ],
    [
      'where its preferred affinity weighs most',
      makePod(
        'p',
        {},
        {
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 50, preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z2'] }] } },
              ],
            },
          },
        },
      ),
      [makeNode('a', {}, { labels: { zone: 'z1' } }), makeNode('b', {}, { labels: { zone: 'z2' } })],
      [],
      'b',
    ],
    [
      'to a tainted node that it tolerates',
      makePod('p', {}, { tolerations: [{ key: 'k', operator: 'Exists' }] }),
      [tainted('a', 'NoSchedule')],
      [],
      'a',
    ],
    ['rather to a node that prefers it', makePod('p'), [tainted('a', 'PreferNoSchedule'), makeNode('b')], [], 'b'],
    [
      'to a cordoned node when it tolerates that',
      makePod('p', {}, { tolerations: [{ operator: 'Exists' }] }),
      [makeNode('a', {}, { spec: { unschedulable: true } })],
      [],
      'a',
    ],
    [
      'past a pod whose init container alone would not fit beside',
      makePod('p', { cpu: '1' }, { initContainers: [{ name: 'i', resources: { requests: { cpu: '3' } } }] }),
      [makeNode('a'), makeNode('b')],
      [on('a', makePod('x', { cpu: '2' }))],
      'b',
    ],
  ])('%s', (_title, pod, nodes, present, expected) => {
    expect(place(pod, nodes, present)).toBe(expected);
  });
});

describe('a pod goes nowhere', () => {
  it.each<[string, Pod, Node[], Pod[], string]>([
    ['without nodes', makePod('p'), [], [], 'no nodes available to schedule pods'],
    [
      'without room',
      makePod('p', { cpu: '5', memory: '9Gi' }),
      [makeNode('a')],
      [],
      '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.',
    ],
    [
      'on a full node',
      makePod('p'),
      [makeNode('a', { pods: '1' })],
      [on('a', makePod('x'))],
      '0/1 nodes are available: 1 Too many pods.',
    ],
    [
      'for a resource no node has',
      makePod('p', { 'example.com/gpu': '1' }),
      [makeNode('a')],
      [],
      '0/1 nodes are available: 1 Insufficient example.com/gpu.',
    ],
    [
      'for reasons that differ by node',
      makePod('p', { cpu: '8' }, { nodeSelector: { disk: 'ssd' } }),
      [
        makeNode('a'),
        makeNode('b', {}, { labels: { disk: 'ssd' } }),
        tainted('c', 'NoExecute'),
        makeNode('d', {}, { spec: { unschedulable: true } }),
      ],
      [],
      "0/4 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.",
    ],
    [
      'with a host port that is taken',
      makePod(
        'p',
        {},
        { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' }] }] },
      ),
      [makeNode('a')],
      [on('a', makePod('x', {}, { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] }))],
      "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
    ],
  ])('%s', (_title, pod, nodes, present, expected) => {
    expect(place(pod, nodes, present)).toBe(expected);
  });

  it('counts equal reasons and sorts them', () => {
    expect(explain(3, ['b', 'a', 'b'])).toBe('0/3 nodes are available: 1 a, 2 b.');
  });
});

describe('the cache', () => {
  it('counts assumed pods until they are forgotten or confirmed', () => {
    const cache = newCache();
    cache.setNode(makeNode('a', { cpu: '1' }));
    const pod = makePod('x', { cpu: '1' });
    cache.assume(pod, 'a');
    expect(cache.snapshot().get('a')?.requested.get('cpu')).toBe(1000);
    cache.forget(pod.metadata.uid);
    expect(cache.snapshot().get('a')?.requested.get('cpu')).toBe(0);
    cache.assume(pod, 'a');
    cache.setPod(on('a', pod));
    cache.forget(pod.metadata.uid);
    expect(cache.snapshot().get('a')?.requested.get('cpu')).toBe(1000);
    expect(cache.size).toEqual({ nodes: 1, pods: 1, assumedPods: 0 });
  });

  it('does not change a snapshot that was taken', () => {
    const cache = newCache();
    cache.setNode(makeNode('a'));
    const before = cache.snapshot();
    cache.setPod(on('a', makePod('x')));
    expect(before.get('a')?.pods.size).toBe(0);
    expect(cache.snapshot().get('a')?.pods.size).toBe(1);
  });
});
