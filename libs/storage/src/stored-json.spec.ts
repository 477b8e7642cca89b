import type { KubeObject } from '@kubephant/api';
import { isSameState, serialize, withRevision, withoutRevision } from './stored-json';

const object = (metadata: object): KubeObject => ({ kind: 'A', apiVersion: 'v1', metadata }) as KubeObject;

const parse = (json: Buffer): KubeObject => JSON.parse(json.toString()) as KubeObject;

const head = '{"kind":"A","apiVersion":"v1","metadata":';

describe('the form that clients are served', () => {
  it.each<[object, string]>([
    [{}, '{"resourceVersion":"7"}}'],
    [{ name: 'a' }, '{"name":"a","resourceVersion":"7"}}'],
    [{ name: 'a', uid: 'u', labels: {} }, '{"name":"a","uid":"u","resourceVersion":"7","labels":{}}}'],
    [
      { name: 'a', generateName: 'g', namespace: 'n', uid: 'u', generation: 1 },
      '{"name":"a","generateName":"g","namespace":"n","uid":"u","resourceVersion":"7","generation":1}}',
    ],
    [{ labels: { uid: 'u' }, uid: 'v' }, '{"uid":"v","resourceVersion":"7","labels":{"uid":"u"}}}'],
    [
      { managedFields: [], finalizers: [], more: 1, name: 'a' },
      '{"name":"a","resourceVersion":"7","finalizers":[],"managedFields":[],"more":1}}',
    ],
    [{ name: 'a"\\', uid: 'é' }, '{"name":"a\\"\\\\","uid":"é","resourceVersion":"7"}}'],
  ])('of %j has the resourceVersion where upstream writes it', (metadata, tail) => {
    const stored = serialize(object(metadata));
    for (const value of [stored, Buffer.from(stored)]) {
      const served = withRevision(value, 7);
      expect(served.toString()).toBe(`${head}${tail}`);
      expect(withoutRevision(served).toString()).toBe(stored);
      const now = {
        key: { resource: 'as', namespace: '', name: 'a' },
        revision: 7,
        createdRevision: 7,
        json: served,
        object: parse(served),
      };
      expect(isSameState(stored, object(metadata), now)).toBe(true);
    }
  });

  it.each([960, 975, 983, 984, 990, 1000, 1010, 1020, 1024, 3000])('is found behind a name of %d bytes', (length) => {
    const stored = serialize(object({ name: 'n'.repeat(length), namespace: 'é', uid: 'u', labels: { a: 'b' } }));
    const served = withRevision(stored, 7);
    expect(served.toString()).toContain('"uid":"u","resourceVersion":"7","labels"');
    expect(withRevision(Buffer.from(stored), 7)).toEqual(served);
    expect(withoutRevision(served).toString()).toBe(stored);
  });

  it('is none of what has no metadata', () => {
    expect(() => withRevision('{}', 7)).toThrow('no metadata');
  });
});
