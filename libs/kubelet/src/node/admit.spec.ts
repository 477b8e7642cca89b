import type { Node, PodSpec } from '@kubephant/schema';
import { aPod } from '../testing/builders';
import { admitPod } from './admit';

const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', uid: 'n', resourceVersion: '1', labels: { zone: 'a', cores: '8' } },
  spec: { taints: [{ key: 'gone', effect: 'NoExecute' }] },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '2' } },
};
const image = 'busybox';
const tolerant: Partial<PodSpec> = { tolerations: [{ key: 'gone', operator: 'Exists' }] };
const asking = (requests: Record<string, string>): Partial<PodSpec> => ({
  ...tolerant,
  containers: [{ name: 'main', image, resources: { requests } }],
});
const requiring = (operator: string, values: string[]): Partial<PodSpec> => ({
  ...tolerant,
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'cores', operator, values }] }],
      },
    },
  },
});

it.each<[string, Partial<PodSpec>, number, string | undefined]>([
  ['one that fits', asking({ cpu: '1' }), 1, undefined],
  [
    'one too many',
    tolerant,
    2,
    "OutOfpods: Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
  ],
  [
    'one too large beside the others',
    asking({ cpu: '1500m' }),
    1,
    "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
  ],
  [
    'one with too much memory',
    asking({ memory: '2Gi' }),
    0,
    "OutOfmemory: Pod was rejected: Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
  ],
  [
    'one for another zone',
    { ...tolerant, nodeSelector: { zone: 'b' } },
    0,
    "NodeAffinity: Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  ['one for more cores than 4', requiring('Gt', ['4']), 0, undefined],
  [
    'one for fewer cores than 4',
    requiring('Lt', ['4']),
    0,
    "NodeAffinity: Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  [
    'one for an operator that does not exist',
    requiring('constructor', ['4']),
    0,
    "NodeAffinity: Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  [
    'one that does not tolerate the node',
    {},
    0,
    "TaintToleration: Pod was rejected: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  ],
])('admits or turns away %s', (_, spec, others, expected) => {
  const running = Array.from({ length: others }, () => aPod(asking({ cpu: '1' })));
  const refused = admitPod(aPod(spec), node, running);
  expect(refused && `${refused.reason}: ${refused.message}`).toBe(expected);
});
