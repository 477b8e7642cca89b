import { mutateText } from '@kubephant/fuzz';
import { fuzzSuite } from '@kubephant/fuzz/testing';
import { parseJsonPath } from './json-path';

const value = {
  metadata: { name: 'a', labels: { 'a.b/c': 'd' } },
  spec: { items: [1, 2, 3, { deep: [[[{ type: 'Ready', status: 'True' }]]] }], wide: Array(2000).fill({ a: [1] }) },
  status: { conditions: [{ type: 'Ready', status: 'True' }, null, 'x'] },
};

describe('JSONPath', () => {
  fuzzSuite('paths into objects', {
    seeds: [
      '.metadata.name',
      '.status.conditions[?(@.type=="Ready")].status',
      ".metadata.labels['a\\.b/c']",
      '.spec.items[0:-1:2]',
      '..type',
      '.spec.wide[*].a[?(@ >= 1)]',
      '.*.*[-1]',
      '',
    ],
    mutate: mutateText,
    take(text: string) {
      const before = JSON.stringify(value);
      const found = parseJsonPath(text)?.find(value) ?? [];
      // What is found is part of the value: nothing is made, and nothing taken from a prototype.
      for (const one of found) expect(typeof one).not.toBe('function');
      expect(JSON.stringify(value)).toBe(before);
    },
    refuses: () => false,
  });
});
