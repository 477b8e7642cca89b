import { badRequest, StatusError } from '@kubephant/api';
import { schemas } from '../registry';
import { applyStrategicMergePatch } from './strategic-merge-patch';
import { cloneJson } from './json';

const podSpec = schemas.get('io.k8s.api.core.v1.PodSpec');
const meta = schemas.get('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
const serviceSpec = schemas.get('io.k8s.api.core.v1.ServiceSpec');
const deploymentSpec = schemas.get('io.k8s.api.apps.v1.DeploymentSpec');

const c1 = {
  name: 'c1',
  image: 'i1',
  args: ['x', 'y'],
  env: [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ],
};
const c2 = { name: 'c2', image: 'i2' };
const spec = {
  containers: [c1, c2],
  volumes: [
    { name: 'v1', emptyDir: {} },
    { name: 'v2', configMap: { name: 'cm' } },
  ],
  tolerations: [{ key: 'k1' }, { key: 'k2' }],
  nodeSelector: { x: '1', y: '2' },
};
const inC1 = (patch: object): object => ({ containers: [{ name: 'c1', ...patch }] });
const withC1 = (change: object): object => ({ containers: [{ ...c1, ...change }, c2] });

describe('strategic merge patch', () => {
  it.each<[string, object, object]>([
    [
      'merges list elements by their key',
      { containers: [{ name: 'c2', image: 'new' }] },
      { containers: [c1, { ...c2, image: 'new' }] },
    ],
    ['puts new elements first', { containers: [{ name: 'c3' }] }, { containers: [{ name: 'c3' }, c1, c2] }],
    ['deletes elements', { containers: [{ name: 'c2', $patch: 'delete' }] }, { containers: [c1] }],
    ['does not mind deleting what is absent', { containers: [{ name: 'c9', $patch: 'delete' }] }, {}],
    ['replaces a list', { containers: [{ name: 'only' }, { $patch: 'replace' }] }, { containers: [{ name: 'only' }] }],
    ['takes replace in an element for the list', inC1({ $patch: 'replace', image: 'z' }), { containers: [] }],
    [
      'merges nested lists',
      inC1({
        env: [
          { name: 'C', value: '3' },
          { name: 'A', value: '9' },
        ],
      }),
      withC1({
        env: [
          { name: 'C', value: '3' },
          { name: 'A', value: '9' },
          { name: 'B', value: '2' },
        ],
      }),
    ],
    [
      'orders a list',
      inC1({ '$setElementOrder/env': [{ name: 'B' }, { name: 'A' }] }),
      withC1({
        env: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
        ],
      }),
    ],
    [
      'keeps what the order does not name in its place',
      inC1({ '$setElementOrder/env': [{ name: 'C' }, { name: 'B' }], env: [{ name: 'C', value: '3' }] }),
      withC1({
        env: [
          { name: 'C', value: '3' },
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
    ],
    ['removes with null', inC1({ env: null }), withC1({ env: undefined })],
    ['replaces lists without a merge strategy', inC1({ args: ['z'] }), withC1({ args: ['z'] })],
    ['deletes from primitive lists', inC1({ '$deleteFromPrimitiveList/args': ['x'] }), withC1({ args: ['y'] })],
    [
      'keeps only retained keys',
      { volumes: [{ name: 'v2', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] },
      {
        volumes: [
          { name: 'v1', emptyDir: {} },
          { name: 'v2', secret: { secretName: 's' } },
        ],
      },
    ],
    [
      'replaces lists without a key, elements as given',
      { tolerations: [{ key: 'k3', $patch: 'delete' }] },
      { tolerations: [{ key: 'k3', $patch: 'delete' }] },
    ],
    ['empties a map', { nodeSelector: { $patch: 'delete' } }, { nodeSelector: {} }],
    ['replaces a map', { nodeSelector: { $patch: 'replace', z: '3' } }, { nodeSelector: { z: '3' } }],
    ['merges a map', { nodeSelector: { x: null, z: '3' } }, { nodeSelector: { y: '2', z: '3' } }],
    [
      'drops nulls and directives from what is new',
      { affinity: { nodeAffinity: null, $retainKeys: ['podAffinity'], podAffinity: {} } },
      { affinity: { podAffinity: {} } },
    ],
  ])('%s', (_, patch, change) => {
    const before = cloneJson({ spec, patch });
    expect(applyStrategicMergePatch(podSpec, spec, patch)).toEqual({ ...spec, ...change });
    expect({ spec, patch }).toEqual(before);
  });

  it('merges finalizers as a set, in the order wanted', () => {
    const patch = (original: object, change: object): unknown => applyStrategicMergePatch(meta, original, change);
    const three = patch({ finalizers: ['x', 'y'] }, { finalizers: ['z', 'x'] });
    expect(three).toEqual({ finalizers: ['z', 'x', 'y'] });
    const ordered = {
      '$setElementOrder/finalizers': ['n', 'y', 'z'],
      '$deleteFromPrimitiveList/finalizers': ['x'],
      finalizers: ['n'],
    };
    expect(patch(three as object, ordered)).toEqual({ finalizers: ['n', 'y', 'z'] });
  });

  it('merges ports by number alone', () => {
    const ports = [
      { port: 53, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ];
    const patched = applyStrategicMergePatch(serviceSpec, { ports }, { ports: [{ port: 53, targetPort: 1 }] });
    expect(patched).toEqual({ ports: [{ ...ports[0], targetPort: 1 }, ports[1]] });
    expect(applyStrategicMergePatch(serviceSpec, { ports }, { ports: [{ port: 53, $patch: 'delete' }] })).toEqual({
      ports: [],
    });
  });

  it('retains keys of an object', () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
    const patch = { strategy: { $retainKeys: ['type'], type: 'Recreate' } };
    expect(applyStrategicMergePatch(deploymentSpec, { strategy }, patch)).toEqual({ strategy: { type: 'Recreate' } });
  });

  it.each<[string, object, StatusError]>([
    [
      'a missing merge key',
      { containers: [{ image: 'x' }] },
      new StatusError('', 'map: map[image:x] does not contain declared merge key: name'),
    ],
    [
      'an unknown directive in a map',
      { nodeSelector: { $patch: 'frob' } },
      new StatusError('', 'unknown patch type: frob in map: map[$patch:frob]'),
    ],
    [
      'an unknown directive in a list',
      { containers: [{ $patch: 'bogus', name: 'c' }] },
      new StatusError('', 'unknown patch type: bogus in map: map[$patch:bogus name:c]'),
    ],
    [
      'merge as a directive of a map',
      { nodeSelector: { $patch: 'merge' } },
      new StatusError('', 'unknown patch type: merge in map: map[$patch:merge]'),
    ],
    [
      'elements out of order',
      { '$setElementOrder/containers': [{ name: 'c2' }], containers: [{ name: 'c1' }] },
      new StatusError(
        '',
        "The order in patch list:\n[map[name:c1]]\n doesn't match $setElementOrder list:\n[map[name:c2]]\n",
      ),
    ],
    [
      'an order that is no list',
      { '$setElementOrder/containers': 'x' },
      new StatusError('', 'expected a []interface {}, but received a string'),
    ],
    [
      'retained keys that do not cover',
      { volumes: [{ name: 'v1', $retainKeys: ['name'], secret: {} }] },
      badRequest('invalid patch format of retainKeys'),
    ],
    [
      'mixed elements',
      { containers: [{ name: 'c1', env: [1] }] },
      new StatusError('', 'list element types are not identical: [[map[name:A value:1] map[name:B value:2]] [1]]'),
    ],
  ])('refuses %s', (_, patch, refusal) => {
    let thrown: unknown;
    try {
      applyStrategicMergePatch(podSpec, spec, patch);
    } catch (err) {
      thrown = err;
    }
    expect(thrown).toEqual(refusal);
    expect((thrown as StatusError).status).toEqual(refusal.status);
  });

  it('merges long lists in a moment', () => {
    const containers = Array.from({ length: 20_000 }, (_, index) => ({ name: `c${index}`, image: 'a' }));
    const patch = { containers: containers.map(({ name }) => ({ name, image: 'b' })).reverse() };
    const begin = performance.now();
    applyStrategicMergePatch(podSpec, { containers }, patch);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('pollutes no prototype', () => {
    const patch = JSON.parse('{"nodeSelector":{"__proto__":{"polluted":"1"}},"__proto__":{"polluted":"1"}}') as object;
    const patched = applyStrategicMergePatch<object>(podSpec, { nodeSelector: {} }, patch);
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
