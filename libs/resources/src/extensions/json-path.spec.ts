import { parseJsonPath } from './json-path';

const object = {
  spec: {
    replicas: 2,
    'a.b': 'dotted',
    ports: [
      { name: 'a', number: 1 },
      { name: 'b', number: 2 },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Old', status: 'False' },
    ],
  },
};

describe('a path', () => {
  it.each<[string, readonly unknown[]]>([
    ['.spec.replicas', [2]],
    ['.spec.nothing.below', []],
    ['.spec.constructor', []],
    ['.spec.a\\.b', ['dotted']],
    [".spec['a.b']", ['dotted']],
    ['.spec.ports[0].name', ['a']],
    ['.spec.ports[-1].name', ['b']],
    ['.spec.ports[0:1].name', ['a']],
    ['.spec.ports[*].number', [1, 2]],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type=='Old')].status", ['False']],
    ['.spec.ports[?(@.number>1)].name', ['b']],
    ['..status', [object.status, 'True', 'False']],
  ])('%s leads to what is there', (path, found) => {
    expect(parseJsonPath(path)?.find(object)).toEqual(found);
  });

  it.each(['.a[', '.a[b]', 'a b', '.', '..a..b', '.a[?(@.x', '.a[?(((((', '..a[?(@..b)]'])('%s is none', (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });

  it('leads into what is as deep as an object may be', () => {
    let value: unknown = { a: 'found' };
    for (let depth = 0; depth < 10_000; depth++) value = depth % 2 === 0 ? [value] : { below: value };
    expect(parseJsonPath('..a')?.find(value)).toEqual(['found']);
  });
});
