import type { Reply } from '@kubephant/serving';
import type { Connect } from './scope';
import { newRig, type Rig } from './testing/rig';
import { testRows } from './testing/rows';

const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const merge = { 'content-type': 'application/merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };
const scale = (replicas: number, metadata: object = {}) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'a', ...metadata },
  spec: { replicas },
});

async function newWidgetRig(connect?: Connect): Promise<Rig> {
  const rig = newRig({ ...(connect && { connect }) }, testRows);
  await rig.ask(`POST ${widgets}?fieldManager=maker`, { body: { metadata: { name: 'a' }, spec: { replicas: 2 } } });
  return rig;
}

describe('status', () => {
  it('is all that a write to it takes, beside metadata', async () => {
    const rig = await newWidgetRig();
    const body = { metadata: { name: 'a', labels: { x: 'y' } }, spec: { replicas: 9 }, status: { replicas: 1 } };
    const { body: updated } = await rig.ask(`PUT ${widgets}/a/status`, { body });
    expect(updated).toMatchObject({
      metadata: { generation: 1, labels: { x: 'y' } },
      spec: { replicas: 2 },
      status: { replicas: 1 },
    });
    const patched = await rig.ask(`PATCH ${widgets}/a/status`, {
      headers: merge,
      body: { spec: { replicas: 5 }, status: { replicas: 3 } },
    });
    expect(patched.body).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 3 } });
  });

  it('of a deployment takes annotations along, but neither labels nor a new generation', async () => {
    const rig = newRig();
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const created = await rig.ask(`POST ${deployments}`, {
      body: {
        metadata: { name: 'd', labels: { own: '1' } },
        spec: { selector: { matchLabels: { a: 'b' } }, template },
      },
    });
    const metadata = { name: 'd', annotations: { revision: '1' }, labels: { other: '2' } };
    const { body } = await rig.ask(`PUT ${deployments}/d/status`, { body: { ...(created.body as object), metadata } });
    expect(body.metadata).toMatchObject({ generation: 1, annotations: { revision: '1' } });
    expect(body.metadata.labels).toEqual({ own: '1' });
  });

  it('is recorded under its own name', async () => {
    const rig = await newWidgetRig();
    const body = { metadata: { name: 'a' }, status: { replicas: 1 } };
    const answer = await rig.ask(`PUT ${widgets}/a/status?fieldManager=ctl`, { body });
    expect(answer.body.metadata.managedFields).toContainEqual(
      expect.objectContaining({
        manager: 'ctl',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:replicas': {} } },
      }),
    );
  });

  it.each(['POST', 'DELETE'])('does not serve %s', async (method) => {
    const rig = await newWidgetRig();
    expect((await rig.ask(`${method} ${widgets}/a/status`, { body: {} })).status).toBe(405);
  });
});

describe('a part', () => {
  it('takes what its strategy lets through', async () => {
    const rig = await newWidgetRig();
    const body = { metadata: { name: 'a' }, spec: { replicas: 9, minReadySeconds: 5 } };
    const answer = await rig.ask(`PUT ${widgets}/a/patience`, { body });
    expect(answer.body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2, minReadySeconds: 5 } });
    expect((await rig.ask(`PATCH ${widgets}/a/patience`, { headers: merge, body: {} })).status).toBe(405);
  });
});

describe('scale', () => {
  it('is the object in the form autoscalers know', async () => {
    const rig = await newWidgetRig();
    const { body } = await rig.ask(`GET ${widgets}/a/scale`);
    expect(body).toEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: expect.any(String),
        resourceVersion: '1',
        creationTimestamp: '2026-01-02T03:04:05Z',
      },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=widget' },
    });
  });

  it.each(['GET', 'PUT'])('prints its own columns after %s', async (method) => {
    const rig = await newWidgetRig();
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const body = method === 'PUT' ? { body: scale(2) } : {};
    const { body: table } = await rig.ask(`${method} ${widgets}/a/scale?includeObject=None`, {
      headers: { accept },
      ...body,
    });
    const columns = table['columnDefinitions'] as { name: string }[];
    expect(columns.map(({ name }) => name)).toEqual(['Name', 'Desired', 'Available', 'Age']);
    expect(table['rows']).toEqual([{ cells: ['a', 2, 0, '0s'], object: null }]);
  });

  it.each([
    ['PUT', {}, scale(5), { replicas: 5 }],
    ['PUT', {}, { ...scale(0), spec: {} }, {}],
    ['PATCH', merge, { spec: { replicas: 4 } }, { replicas: 4 }],
    [
      'PATCH',
      { 'content-type': 'application/json-patch+json' },
      [{ op: 'replace', path: '/spec/replicas', value: 3 }],
      { replicas: 3 },
    ],
  ])('%s %p changes the replicas and counts as a change', async (method, headers, body, spec) => {
    const rig = await newWidgetRig();
    expect((await rig.ask(`${method} ${widgets}/a/scale`, { headers, body })).body.spec).toEqual(spec);
    expect((await rig.ask(`GET ${widgets}/a`)).body).toMatchObject({ metadata: { generation: 2 }, spec });
  });

  it('is owned under its own name, by apply too', async () => {
    const rig = await newWidgetRig();
    await rig.ask(`PUT ${widgets}/a/scale?fieldManager=hpa`, { body: scale(5) });
    const conflict = await rig.ask(`PATCH ${widgets}/a/scale?fieldManager=me`, { headers: apply, body: scale(6) });
    expect(conflict.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using example.com/v1: .spec.replicas',
    );
    const forced = await rig.ask(`PATCH ${widgets}/a/scale?fieldManager=me&force=1`, {
      headers: apply,
      body: scale(6),
    });
    expect(forced.body.spec).toEqual({ replicas: 6 });
  });

  it.each([
    [
      scale(-1),
      422,
      'Scale.autoscaling "a" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [scale(1, { name: 'x' }), 400, 'the name of the object (x) does not match the name on the URL (a)'],
    [{}, 400, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
    [
      scale(1, { resourceVersion: '7' }),
      409,
      'Operation cannot be fulfilled on widgets.example.com "a": the object has been modified; please apply your changes to the latest version and try again',
    ],
  ])('refuses %j', async (body, code, message) => {
    const rig = await newWidgetRig();
    expect((await rig.ask(`PUT ${widgets}/a/scale`, { body })).body).toMatchObject({ code, message });
  });

  it('of nothing is not found', async () => {
    const rig = await newWidgetRig();
    expect((await rig.ask(`GET ${widgets}/b/scale`)).body.message).toBe('widgets.example.com "b" not found');
  });
});

describe('create on an object', () => {
  const binding = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n' } };

  it.each([
    ['through its own path', `${widgets}/a/bind`],
    ['through a collection that names the object in the body', '/apis/example.com/v1/namespaces/default/pokes'],
  ])('acts %s', async (_, path) => {
    const rig = await newWidgetRig();
    const answer = await rig.ask(`POST ${path}`, { body: binding });
    expect(answer).toMatchObject({ status: 201, body: { kind: 'Status', status: 'Success' } });
    expect((await rig.ask(`GET ${widgets}/a`)).body.spec).toMatchObject({ replicas: 1 });
  });

  it('has no effect when it is only tried', async () => {
    const rig = await newWidgetRig();
    expect((await rig.ask(`POST ${widgets}/a/bind?dryRun=All`, { body: binding })).status).toBe(201);
    expect(rig.store.revision).toBe(1);
  });

  it("happens at the time of the server's clock", async () => {
    const rig = newRig();
    const pods = '/api/v1/namespaces/default/pods';
    await rig.ask(`POST ${pods}`, {
      body: { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
    await rig.ask(`POST ${pods}/a/binding`, { body: binding });
    const { body } = await rig.ask(`GET ${pods}/a`);
    expect(body.status.conditions).toEqual([
      expect.objectContaining({ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-02T03:04:05Z' }),
    ]);
  });

  it('needs the object and the method', async () => {
    const rig = await newWidgetRig();
    const other = { ...binding, metadata: { name: 'b' } };
    expect((await rig.ask(`POST ${widgets}/b/bind`, { body: other })).body.message).toBe(
      'widgets.example.com "b" not found',
    );
    expect((await rig.ask(`GET ${widgets}/a/bind`)).status).toBe(405);
  });
});

describe('eviction', () => {
  const pods = '/api/v1/namespaces/default/pods';
  const budget = '/apis/policy/v1/namespaces/default/poddisruptionbudgets/web';

  it('is charged to the budget of the pod, until that allows no more', async () => {
    const rig = newRig();
    for (const name of ['a', 'b']) {
      const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] };
      const { body } = await rig.ask(`POST ${pods}`, { body: { metadata: { name, labels: { app: 'web' } }, spec } });
      const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
      await rig.ask(`PUT ${pods}/${name}/status`, { body: { ...body, status } });
    }
    const spec = { minAvailable: 1, selector: { matchLabels: { app: 'web' } } };
    const { body } = await rig.ask(`POST ${budget.replace('/web', '')}`, { body: { metadata: { name: 'web' }, spec } });
    const status = { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1 };
    await rig.ask(`PUT ${budget}/status`, { body: { ...body, status } });
    const evict = (name: string, query = '') =>
      rig.ask(`POST ${pods}/${name}/eviction${query}`, { body: { metadata: { name } } });
    expect(await evict('a', '?dryRun=All')).toMatchObject({ status: 201 });
    expect(await evict('a')).toMatchObject({ status: 201 });
    expect((await rig.ask(`GET ${budget}`)).body).toMatchObject({
      status: { disruptionsAllowed: 0, disruptedPods: { a: expect.any(String) } },
    });
    expect(await evict('b')).toMatchObject({
      status: 429,
      body: { details: { causes: [{ reason: 'DisruptionBudget' }] } },
    });
  });
});

describe('connect', () => {
  const there: Reply = { kind: 'bytes', status: 200, contentType: 'text/plain', chunks: [] };

  it('hands over where the object is, with the rest of the path and the query', async () => {
    const calls: unknown[] = [];
    const rig = await newWidgetRig(async (_req, { node, path, query }, object) => {
      calls.push([node, path, query?.toString(), object.metadata.name]);
      return there;
    });
    expect(await rig.open(`GET ${widgets}/a/log/deep?follow=1`)).toBe(there);
    expect(calls).toEqual([['n1', '/log/deep', 'follow=1', 'a']]);
  });

  it('answers with nothing while there is nowhere to go', async () => {
    const rig = await newWidgetRig();
    await rig.ask(`PUT ${widgets}/a/scale`, { body: scale(0) });
    expect(await rig.open(`GET ${widgets}/a/log`)).toMatchObject({ kind: 'bytes', status: 204, chunks: [] });
  });

  it('serves only its methods', async () => {
    const rig = await newWidgetRig();
    expect((await rig.ask(`POST ${widgets}/a/log`)).status).toBe(405);
  });
});
