import type { Node, NodeSelectorRequirement, Pod, Taint, Toleration } from '@kubephant/schema';
import { matchesNodeSelector, matchesRequiredAffinity } from './node-selector';
import { isTolerated } from './tolerations';

const taint: Taint = { key: 'k', value: '5', effect: 'NoSchedule' };

describe('a taint', () => {
  it.each<[string, Toleration, boolean]>([
    ['by its key and value', { key: 'k', operator: 'Equal', value: '5' }, true],
    ['by its key and value, Equal being the default', { key: 'k', value: '5' }, true],
    ['by its key alone', { key: 'k', operator: 'Exists' }, true],
    ['by anything', { operator: 'Exists' }, true],
    ['with its effect', { key: 'k', operator: 'Exists', effect: 'NoSchedule' }, true],
    ['by a bound', { key: 'k', operator: 'Gt', value: '4' }, true],
    ['not by another value', { key: 'k', value: '6' }, false],
    ['not by another key', { key: 'l', operator: 'Exists' }, false],
    ['not with another effect', { key: 'k', operator: 'Exists', effect: 'NoExecute' }, false],
    ['not by a value without a key', { operator: 'Equal', value: '5' }, false],
    ['not by a bound it does not keep', { key: 'k', operator: 'Lt', value: '4' }, false],
    ['not by a bound that is no number', { key: 'k', operator: 'Gt', value: 'x' }, false],
    ['not by an operator nobody knows', { key: 'k', operator: 'Like', value: '5' }, false],
  ])('is tolerated %s', (_title, toleration, expected) => {
    expect(isTolerated([toleration], taint)).toBe(expected);
  });

  it('is not tolerated without tolerations', () => {
    expect([isTolerated(undefined, taint), isTolerated([], taint)]).toEqual([false, false]);
  });
});

const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', uid: 'n', resourceVersion: '1', labels: { disk: 'ssd', cores: '8' } },
  spec: {},
};

describe('a node selector', () => {
  it.each<[string, NodeSelectorRequirement, boolean]>([
    ['In', { key: 'disk', operator: 'In', values: ['ssd', 'nvme'] }, true],
    ['NotIn', { key: 'disk', operator: 'NotIn', values: ['ssd'] }, false],
    ['NotIn for an absent label', { key: 'gpu', operator: 'NotIn', values: ['a'] }, true],
    ['Exists', { key: 'disk', operator: 'Exists' }, true],
    ['DoesNotExist', { key: 'disk', operator: 'DoesNotExist' }, false],
    ['Gt', { key: 'cores', operator: 'Gt', values: ['7'] }, true],
    ['Lt', { key: 'cores', operator: 'Lt', values: ['8'] }, false],
    ['an operator nobody knows', { key: 'disk', operator: 'Like', values: ['s'] }, false],
    ['a key of the prototype', { key: 'constructor', operator: 'Exists' }, false],
  ])('understands %s', (_title, requirement, expected) => {
    expect(matchesNodeSelector({ nodeSelectorTerms: [{ matchExpressions: [requirement] }] }, node)).toBe(expected);
  });

  it('matches by any term, and never by an empty one', () => {
    const byName = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] };
    expect(matchesNodeSelector({ nodeSelectorTerms: [{}, byName] }, node)).toBe(true);
    expect(matchesNodeSelector({ nodeSelectorTerms: [{}] }, node)).toBe(false);
  });

  it('adds to the nodeSelector of the pod', () => {
    const pod = (nodeSelector: Record<string, string>): Pod => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', uid: 'p', resourceVersion: '1' },
      spec: { containers: [], nodeSelector },
    });
    expect([
      matchesRequiredAffinity(pod({ disk: 'ssd' }), node),
      matchesRequiredAffinity(pod({ disk: 'hdd' }), node),
    ]).toEqual([true, false]);
  });
});
