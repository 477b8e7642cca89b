import type { KubeObject } from '@kubephant/api';
import { newIndexer } from './indexer';

type Item = KubeObject & { readonly node?: string };
const item = (name: string, namespace: string | undefined, node?: string): Item => ({
  apiVersion: 'v1',
  kind: 'Item',
  metadata: { name, uid: name, resourceVersion: '1', ...(namespace && { namespace }) },
  ...(node && { node }),
});
const byNode = { byNode: ({ node }: Item) => (node ? [node] : []) };
const names = (items: readonly Item[]): string[] => items.map(({ metadata }) => metadata.name);

describe('an indexer', () => {
  it('finds objects by key, namespace and index', () => {
    const indexer = newIndexer<Item>(byNode);
    for (const obj of [item('a', 'x', 'n1'), item('b', 'y', 'n1'), item('c', 'y'), item('d', undefined)])
      indexer.set(obj);
    expect(names(indexer.list())).toEqual(['a', 'b', 'c', 'd']);
    expect(names(indexer.list('y'))).toEqual(['b', 'c']);
    expect(names(indexer.byIndex('byNode', 'n1'))).toEqual(['a', 'b']);
    expect(indexer.get({ name: 'd' })?.metadata.name).toBe('d');
    expect(indexer.get({ name: 'a' })).toBeUndefined();
  });

  it('moves an object between values and forgets it', () => {
    const indexer = newIndexer<Item>(byNode);
    indexer.set(item('a', 'x', 'n1'));
    expect(indexer.set(item('a', 'x', 'n2'))?.node).toBe('n1');
    expect([indexer.byIndex('byNode', 'n1').length, indexer.byIndex('byNode', 'n2').length]).toEqual([0, 1]);
    expect(indexer.remove(item('a', 'x'))?.node).toBe('n2');
    expect(indexer.remove(item('a', 'x'))).toBeUndefined();
    expect([indexer.byIndex('byNode', 'n2').length, indexer.list('x').length]).toEqual([0, 0]);
  });

  it('indexes what is present when an index is added, and rejects unknown ones', () => {
    const indexer = newIndexer<Item>();
    indexer.set(item('a', 'x', 'n1'));
    expect(() => indexer.byIndex('byNode', 'n1')).toThrow(TypeError);
    indexer.addIndexers(byNode);
    expect(names(indexer.byIndex('byNode', 'n1'))).toEqual(['a']);
    expect(indexer.byIndex('byNode', '__proto__')).toEqual([]);
  });
});
