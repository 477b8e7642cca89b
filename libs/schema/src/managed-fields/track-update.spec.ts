import type { KubeObject, ManagedFieldsEntry } from '@kubephant/api';
import { decodeJson } from '../json';
import { schemas } from '../registry';
import { apply, keepTimes, trackUpdate, type UpdateRequest } from '.';
import { owners } from './testdata/sequences';

const start = Date.parse('2026-01-01T00:00:00Z');
const schema = schemas.get('io.k8s.api.core.v1.ConfigMap');

interface ConfigMap extends KubeObject {
  data: Record<string, string>;
}

const configMap = (data: Record<string, string>, managedFields?: ManagedFieldsEntry[], uid = 'u'): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', uid, resourceVersion: '1', ...(managedFields && { managedFields }) },
  data,
});

const update = (
  manager: string,
  next: ConfigMap,
  more: Partial<UpdateRequest> = {},
): ManagedFieldsEntry[] | undefined => trackUpdate({ schema, apiVersion: 'v1', manager, now: start, next, ...more });

const created = configMap({ a: '1' }, update('c', configMap({ a: '1' })));
const entry = (change: object = {}): ManagedFieldsEntry => ({
  manager: 'z',
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { 'f:a': {} } },
  ...change,
});

describe('tracking of updates', () => {
  it('gives a created object to its creator', () => {
    expect(created.metadata.managedFields).toEqual([
      {
        ...entry(),
        manager: 'c',
        operation: 'Update',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } },
      },
    ]);
  });

  it('owns items that cannot be told apart as one, and a list of nothing but those too', () => {
    const pod = schemas.get('io.k8s.api.core.v1.Pod');
    const metadata = { name: 'x', uid: '', resourceVersion: '' };
    const hostAliases = [{ ip: '1.1.1.1', hostnames: ['a'] }, { ip: '1.1.1.1' }, { ip: '2.2.2.2' }];
    const next = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { hostAliases } } as KubeObject;
    const path = '.spec.hostAliases';
    expect(owners(trackUpdate({ schema: pod, apiVersion: 'v1', manager: 'm', now: start, next }))).toEqual({
      'm Update': [path, `${path}[ip="1.1.1.1"]`, `${path}[ip="2.2.2.2"]`, `${path}[ip="2.2.2.2"].ip`],
    });
  });

  it('gives only what changed to the one who changes, and merges with what that one had', () => {
    const second = configMap({ a: '1', b: '2' }, created.metadata.managedFields);
    expect(owners(update('d', second, { live: created }))).toEqual({
      'c Update': ['.data', '.data.a'],
      'd Update': ['.data.b'],
    });
    expect(owners(update('c', second, { live: created }))).toEqual({ 'c Update': ['.data', '.data.a', '.data.b'] });
  });

  it('keeps the entries, and their times, when nothing changes', () => {
    const next = configMap({ a: '1' }, created.metadata.managedFields);
    expect(update('d', next, { live: created, now: start + 5000 })).toBe(created.metadata.managedFields);
    expect(update('d', configMap({ a: '1' }), { live: created })).toEqual(created.metadata.managedFields);
  });

  it('does not track identity, versions and what a write resets', () => {
    const pod = schemas.get('io.k8s.api.core.v1.Pod');
    const next = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'x',
        generateName: 'x-',
        namespace: 'n',
        uid: '',
        resourceVersion: '',
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: { nodeName: 'n' },
      status: { phase: 'Pending' },
    };
    const tracked = trackUpdate({
      schema: pod,
      apiVersion: 'v1',
      manager: '',
      now: start,
      next,
      resetFields: { 'f:status': {} },
    });
    expect(owners(tracked)).toEqual({ 'unknown Update': ['.metadata.generateName', '.spec.nodeName'] });
  });

  it('does not own structures that a built-in type always has', () => {
    const deployment = schemas.get('io.k8s.api.apps.v1.Deployment');
    const next = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x', uid: '', resourceVersion: '' },
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', resources: {} }] } },
      },
      status: {},
    };
    const container = '.spec.template.spec.containers[name="c"]';
    expect(owners(trackUpdate({ schema: deployment, apiVersion: 'apps/v1', manager: 'm', now: start, next }))).toEqual({
      'm Update': [
        '.spec.replicas',
        '.spec.strategy.type',
        '.spec.template.metadata.labels',
        '.spec.template.metadata.labels.a',
        container,
        `${container}.name`,
        `${container}.resources`,
      ],
    });
  });

  it.each([
    ['[]', { 'm Update': ['.rules'] }],
    ['null', {}],
  ])('knows a list that was given as %s from none', (rules, expected) => {
    const role = schemas.get('io.k8s.api.rbac.v1.Role');
    const text = `{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"x"},"rules":${rules}}`;
    const next = decodeJson(role, text).object as unknown as KubeObject;
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    expect(owners(trackUpdate({ schema: role, apiVersion, manager: 'm', now: start, next }))).toEqual(expected);
  });

  it('forgets everyone on request, and tracks nobody until the next apply', () => {
    const cleared = update('c', configMap({ a: '1' }, [{}]), { live: created });
    expect(cleared).toBeUndefined();
    const live = configMap({ a: '1' });
    expect(update('c', configMap({ a: '2' }), { live })).toBeUndefined();
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
    const request = { schema, apiVersion: 'v1', manager: 'm', force: false, now: start, live, applied };
    expect(owners(apply(request).managedFields)).toEqual({ 'before-first-apply Update': ['.data', '.data.a'] });
  });

  it.each<[string, readonly object[]]>([
    ['an empty list', []],
    ['an unknown operation', [entry({ operation: 'Frob' })]],
    ['no version', [entry({ apiVersion: '' })]],
    ['no form', [entry({ fieldsType: undefined })]],
    ['no set', [entry({ fieldsV1: undefined })]],
    ['an element that is none', [entry({ fieldsV1: { a: {} } })]],
    ['a prototype', [entry({ fieldsV1: JSON.parse('{"__proto__":{}}') as object })]],
    ['one malformed entry among others', [entry(), entry({ fieldsV1: { 'f:a': 1 } })]],
  ])('keeps the stored entries when the client sends %s', (_, sent) => {
    const next = configMap({ a: '1' }, sent as ManagedFieldsEntry[]);
    expect(update('d', next, { live: created })).toEqual(created.metadata.managedFields);
  });

  it('takes the mark of a member for one, whatever it holds', () => {
    const fieldsV1 = { 'f:data': { '.': 'all', 'f:a': {} } };
    const next = configMap({ a: '2' }, [entry({ fieldsV1 })]);
    expect(update('d', next, { live: created })?.find(({ manager }) => manager === 'z')?.fieldsV1).toEqual({
      'f:data': {},
    });
  });

  it('honours entries that a client sends, except through a subresource', () => {
    const next = configMap({ a: '1' }, [entry()]);
    expect(update('d', next, { live: created })).toEqual([entry()]);
    expect(update('d', next, { live: created, subresource: 'status' })).toEqual(created.metadata.managedFields);
  });

  it('folds the oldest of more than ten updaters into one, appliers never', () => {
    const appliers = Array.from({ length: 12 }, (_, index) =>
      entry({ manager: `a${index}`, time: '2025-01-01T00:00:00Z' }),
    );
    let live = configMap({ a: '1' }, appliers);
    for (let index = 0; index < 13; index++) {
      const data = { ...live.data, [`k${index}`]: 'x' };
      const now = start + index * 1000;
      live = configMap(data, update(`u${index}`, configMap(data, live.metadata.managedFields), { live, now }));
    }
    const updaters = live.metadata.managedFields!.filter(({ operation }) => operation === 'Update');
    expect(live.metadata.managedFields).toHaveLength(22);
    expect(updaters.map(({ manager }) => manager)).toEqual([
      'ancient-changes',
      ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `u${n}`),
    ]);
    expect(owners(updaters.slice(0, 1))).toEqual({
      'ancient-changes Update': ['.data.k0', '.data.k1', '.data.k2', '.data.k3'],
    });
    expect(updaters[0]?.time).toBe('2026-01-01T00:00:03Z');
  });

  it('sorts entries by operation, time and name', () => {
    const sent = [
      entry({ manager: 'b', operation: 'Update' }),
      entry({ manager: 'b', time: '2026-01-01T00:00:00Z' }),
      entry({ manager: 'c' }),
      entry({ manager: 'a', time: '2026-01-01T00:00:00Z' }),
    ];
    const stored = update('d', configMap({ a: '1' }, sent), { live: created });
    expect(stored?.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'c Apply',
      'a Apply',
      'b Apply',
      'b Update',
    ]);
  });

  it('compares items that broke the rule of their list as one', () => {
    const service = schemas.get('io.k8s.api.core.v1.Service');
    const ports = [
      { port: 80, protocol: 'TCP' },
      { port: 80, protocol: 'TCP', name: 'x' },
    ];
    const next = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'x', uid: '', resourceVersion: '' },
      spec: { ports },
    };
    expect(owners(trackUpdate({ schema: service, apiVersion: 'v1', manager: 'm', now: start, next }))).toEqual({
      'm Update': ['.spec.ports', '.spec.ports[port=80,protocol="TCP"]'],
    });
  });

  it('keeps old times when nothing else differs', () => {
    const later = configMap(
      { a: '1' },
      created.metadata.managedFields?.map((old) => ({ ...old, time: '2027-01-01T00:00:00Z' })),
    );
    expect(keepTimes(created, later)).toEqual(created);
    const changed = { ...later, data: { a: '2' } };
    expect(keepTimes(created, changed)).toBe(changed);
  });

  it('costs little for a small object, whatever came before', () => {
    const next = configMap({ a: '1', b: '2' }, undefined, '');
    for (let round = 0; round < 2000; round++) update('c', next);
    const begin = performance.now();
    for (let round = 0; round < 2000; round++) update('c', next);
    expect((performance.now() - begin) / 2000).toBeLessThan(1);
  });
});
