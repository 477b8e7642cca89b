import { newRig } from './testing/rig';

const configMaps = '/api/v1/namespaces/default/configmaps';
const draft = (name: string, rest: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...rest,
});

describe('the life of an object', () => {
  it('is created with what only the server gives', async () => {
    const rig = newRig();
    const headers = { 'user-agent': 'tester/v1 (linux)' };
    const { status, body } = await rig.ask(`POST ${configMaps}`, { body: draft('a', { data: { k: 'v' } }), headers });
    expect(status).toBe(201);
    expect(body).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: '1',
        creationTimestamp: '2026-01-02T03:04:05Z',
        managedFields: [
          {
            manager: 'tester',
            operation: 'Update',
            apiVersion: 'v1',
            time: '2026-01-02T03:04:05Z',
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:data': { '.': {}, 'f:k': {} } },
          },
        ],
      },
      data: { k: 'v' },
    });
  });

  it('is read back, listed, changed and deleted', async () => {
    const rig = newRig();
    const created = await rig.ask(`POST ${configMaps}`, { body: draft('a', { data: { k: 'v' } }) });
    expect(await rig.ask(`GET ${configMaps}/a`)).toMatchObject({ status: 200, body: created.body });
    const { kind: _kind, apiVersion: _apiVersion, ...item } = created.body;
    expect((await rig.ask(`GET ${configMaps}`)).body).toEqual({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '1' },
      items: [item],
    });
    const updated = await rig.ask(`PUT ${configMaps}/a`, { body: { ...created.body, data: { k: 'w' } } });
    expect(updated).toMatchObject({ status: 200, body: { data: { k: 'w' }, metadata: { resourceVersion: '2' } } });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patched = await rig.ask(`PATCH ${configMaps}/a`, { headers, body: { data: { l: 'x' } } });
    expect(patched).toMatchObject({ status: 200, body: { data: { k: 'w', l: 'x' } } });
    const deleted = await rig.ask(`DELETE ${configMaps}/a`);
    expect(deleted.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: created.body.metadata.uid },
    });
    expect((await rig.ask(`GET ${configMaps}/a`)).body).toMatchObject({
      code: 404,
      message: 'configmaps "a" not found',
      details: { name: 'a', kind: 'configmaps' },
    });
  });

  it('is told to watchers', async () => {
    const rig = newRig();
    await rig.ask(`POST ${configMaps}`, { body: draft('a') });
    const end = new AbortController();
    const reply = await rig.open(`GET ${configMaps}?watch=1&allowWatchBookmarks=1`, { signal: end.signal });
    if (reply.kind !== 'stream') throw new Error(reply.kind);
    const events: object[] = [];
    const collecting = (async () => {
      for await (const chunks of reply.chunks)
        events.push(...chunks.map((c) => JSON.parse(Buffer.from(c).toString()) as object));
    })();
    await rig.clock.advance(0);
    await rig.ask(`DELETE ${configMaps}/a`);
    await rig.clock.advance(0);
    end.abort();
    await collecting;
    expect(events).toMatchObject([
      { type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a', resourceVersion: '1' } } },
      { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
      { type: 'DELETED', object: { metadata: { name: 'a', resourceVersion: '2' } } },
    ]);
  });
});
