/* eslint-disable @typescript-eslint/no-unsafe-return -- tests look into reviews of every form */
import { allow, configMaps, map, newWorld, patchOf, type Behaviour } from './testing/world';

const setLabel =
  (key: string, value: string): Behaviour =>
  ({ object }) =>
    patchOf(...(object.metadata.labels ? [] : [{ op: 'add', path: '/metadata/labels', value: {} }]), {
      op: 'add',
      path: `/metadata/labels/${key}`,
      value,
    });

describe('mutating webhooks', () => {
  it('change what is stored, in the order of their names, each seeing what the one before made', async () => {
    const world = await newWorld({ b: setLabel('b', '2'), a: setLabel('a', '1') });
    await world.register('mutating', 'b');
    await world.register('mutating', 'a');
    const { body } = await world.ask(`POST ${configMaps}`, { body: map() });
    expect(body.metadata.labels).toEqual({ a: '1', b: '2' });
    expect(world.asked.map(({ name, request }) => [name, request.object.metadata.labels])).toEqual([
      ['a', undefined],
      ['b', { a: '1' }],
    ]);
  });

  it('are asked again when another changed the object after them, if they want that', async () => {
    const world = await newWorld({ a: allow, b: setLabel('b', '2'), c: allow });
    await world.register('mutating', 'a', { reinvocationPolicy: 'IfNeeded' });
    await world.register('mutating', 'b');
    await world.register('mutating', 'c', { reinvocationPolicy: 'IfNeeded' });
    await world.ask(`POST ${configMaps}`, { body: map() });
    expect(world.asked.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'a']);
  });

  it('have other plugins look again', async () => {
    const addContainer: Behaviour = () =>
      patchOf({ op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 's' } });
    const world = await newWorld({ m: addContainer });
    await world.register('mutating', 'm', {
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
    });
    const { body } = await world.ask('POST /api/v1/namespaces/default/pods', {
      body: map('p', { spec: { containers: [{ name: 'c', image: 'i' }] } }),
    });
    expect(body.spec.containers).toMatchObject([
      { name: 'c' },
      { name: 'side', imagePullPolicy: 'Always', volumeMounts: [{ readOnly: true }] },
    ]);
  });

  const failed = 'Internal error occurred: failed calling webhook "m.example.com": ';

  it.each<[string, Behaviour, string]>([
    [
      'a patch that is none',
      () => ({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from('{').toString('base64') }),
      `${failed}received undecodable patch in webhook response: `,
    ],
    [
      'a patch without a type',
      () => ({ allowed: true, patch: 'W10=' }),
      `${failed}received invalid webhook response: webhook returned response.patch but not response.patchType`,
    ],
    ['a patch that does not apply', () => patchOf({ op: 'remove', path: '/nope' }), 'Internal error occurred: '],
    ['an object that is none', () => patchOf({ op: 'replace', path: '/data', value: 1 }), 'Internal error occurred: '],
    [
      'a bomb',
      () => patchOf(...Array.from({ length: 10_001 }, () => ({ op: 'add', path: '/data', value: {} }))),
      'Internal error',
    ],
  ])('refuse with %s', async (_, behaviour, message) => {
    const world = await newWorld({ m: behaviour });
    await world.register('mutating', 'm');
    const answer = await world.ask(`POST ${configMaps}`, { body: map() });
    expect(answer.status).toBe(500);
    expect(answer.body.message).toContain(message);
  });

  it('cannot make an object that validation refuses', async () => {
    const world = await newWorld({ m: setLabel('bad', 'a b') });
    await world.register('mutating', 'm');
    expect((await world.ask(`POST ${configMaps}`, { body: map() })).status).toBe(422);
  });

  it('are not asked of dry runs that they would not leave at that', async () => {
    const world = await newWorld({ m: allow });
    await world.register('mutating', 'm', { sideEffects: 'NoneOnDryRun' });
    expect((await world.ask(`POST ${configMaps}?dryRun=All`, { body: map() })).status).toBe(201);
  });

  it('change what subresources take', async () => {
    const world = await newWorld({ m: () => patchOf({ op: 'add', path: '/metadata/labels', value: { zone: 'z' } }) });
    await world.ask('POST /api/v1/namespaces/default/pods', {
      body: map('p', { spec: { containers: [{ name: 'c', image: 'i' }] } }),
    });
    await world.register('mutating', 'm', {
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods/binding'], operations: ['*'] }],
    });
    await world.ask('POST /api/v1/namespaces/default/pods/p/binding', {
      body: map('p', { target: { kind: 'Node', name: 'n' } }),
    });
    expect(world.asked[0]?.request).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'Binding' },
      resource: { resource: 'pods' },
      subResource: 'binding',
    });
    expect((await world.ask('GET /api/v1/namespaces/default/pods/p')).body.metadata.labels).toEqual({ zone: 'z' });
  });

  it.each([
    ['pods', 'pods/eviction', { group: 'policy', version: 'v1', kind: 'Eviction' }],
    ['pods', 'pods/*', { group: 'policy', version: 'v1', kind: 'Eviction' }],
  ])('are told what a subresource of %s takes, by the rule for %s', async (resource, pattern, kind) => {
    const world = await newWorld({ m: allow });
    await world.ask('POST /api/v1/namespaces/default/pods', {
      body: map('p', { spec: { containers: [{ name: 'c', image: 'i' }] } }),
    });
    await world.register('mutating', 'm', {
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: [pattern], operations: ['CREATE'] }],
    });
    await world.ask('POST /api/v1/namespaces/default/pods/p/eviction', { body: map('p') });
    expect(world.asked[0]?.request).toMatchObject({ kind, resource: { group: '', version: 'v1', resource } });
  });

  it('change the size of a workload as what it is', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const world = await newWorld({
      m: ({ object }) => patchOf({ op: 'replace', path: '/spec/replicas', value: Number(object.spec.replicas) + 1 }),
    });
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await world.ask(`POST ${path}`, {
      body: map('d', { spec: { replicas: 1, selector: { matchLabels: { a: 'b' } }, template } }),
    });
    await world.register('mutating', 'm', {
      rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments/scale'], operations: ['UPDATE'] }],
    });
    const { body } = await world.ask(`PATCH ${path}/d/scale`, {
      body: { spec: { replicas: 4 } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(body.spec).toEqual({ replicas: 5 });
    expect(world.asked[0]?.request).toMatchObject({
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      resource: { group: 'apps', version: 'v1', resource: 'deployments' },
      subResource: 'scale',
      object: { kind: 'Scale', spec: { replicas: 4 } },
      oldObject: { spec: { replicas: 1 } },
    });
  });
});
