import { encodeProtobuf, schemas } from '@kubephant/schema';
import { namesIn, newRig } from './testing/rig';
import { testRows } from './testing/rows';

const configMaps = '/api/v1/namespaces/default/configmaps';
const gauges = '/apis/example.com/v1/gauges';

describe('delete', () => {
  it('answers with a Status when the object is gone, or with the object where the row says so', async () => {
    const rig = newRig({}, testRows);
    const map = await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const gauge = await rig.ask(`POST ${gauges}`, { body: { metadata: { name: 'a' } } });
    expect((await rig.ask(`DELETE ${configMaps}/a`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: map.body.metadata.uid },
    });
    const { metadata } = (await rig.ask(`DELETE ${gauges}/a`)).body;
    expect({ ...metadata, resourceVersion: gauge.body.metadata.resourceVersion }).toEqual(gauge.body.metadata);
  });

  it('answers with the object while something holds it, and keeps it', async () => {
    const rig = newRig({}, testRows);
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const { body } = await rig.ask(`DELETE ${configMaps}/a`, { body: { propagationPolicy: 'Foreground' } });
    expect(body).toMatchObject({
      kind: 'ConfigMap',
      metadata: {
        deletionTimestamp: '2026-01-02T03:04:05Z',
        deletionGracePeriodSeconds: 0,
        finalizers: ['foregroundDeletion'],
      },
    });
    expect((await rig.ask(`GET ${configMaps}/a`)).body).toEqual(body);
    const again = await rig.ask(`DELETE ${configMaps}/a`);
    expect(again.body).toEqual(body);
  });

  it('lets options in the body win over those of the query', async () => {
    const rig = newRig({}, testRows);
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    await rig.ask(`DELETE ${configMaps}/a?dryRun=All`, {
      body: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' },
    });
    expect((await rig.ask(`GET ${configMaps}/a`)).status).toBe(404);
  });

  it.each(['meta.k8s.io/v1', 'v1', 'apiextensions.k8s.io/v1', 'policy/v1'])(
    'takes options in protobuf under the name they have in %s, as clients of every group send them',
    async (apiVersion) => {
      const rig = newRig({}, testRows);
      await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a', finalizers: ['a.b/c'] } } });
      const options = { kind: 'DeleteOptions', apiVersion, gracePeriodSeconds: 7, propagationPolicy: 'Foreground' };
      const schema = schemas.get('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions');
      const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
      const bytes = encodeProtobuf(schema, options);
      const { status, body } = await rig.ask(`DELETE ${configMaps}/a`, { bytes, headers });
      expect(status).toBe(200);
      expect(body.metadata.finalizers).toEqual(['a.b/c', 'foregroundDeletion']);
    },
  );
});

describe('deletecollection', () => {
  it('deletes what is selected, keeps what is held, and answers with the list', async () => {
    const rig = newRig({}, testRows);
    const create = (name: string, x: string, finalizers?: string[]) =>
      rig.ask(`POST ${configMaps}`, { body: { metadata: { name, labels: { x }, finalizers } } });
    await create('a', '1');
    await create('b', '1', ['a.b/c']);
    await create('c', '2');
    const answer = await rig.ask(`DELETE ${configMaps}?labelSelector=x%3D1`);
    expect(answer.body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '3' } });
    expect(namesIn(answer)).toEqual(['a', 'b']);
    expect(namesIn(await rig.ask(`GET ${configMaps}`))).toEqual(['b', 'c']);
  });

  it('looks at its options before anything goes', async () => {
    const rig = newRig({}, testRows);
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const { body } = await rig.ask(`DELETE ${configMaps}?labelSelector=,,`);
    expect(body.message).toBe("found ',', expected: !, identifier, or 'end of string'");
    expect(rig.store.revision).toBe(1);
  });
});

describe('a namespace', () => {
  const path = '/api/v1/namespaces/mine';

  it('is marked first, and gone when its finalizers are', async () => {
    const rig = newRig({}, testRows);
    await rig.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'mine' } } });
    const deleted = await rig.ask(`DELETE ${path}`);
    expect(deleted.body).toMatchObject({
      metadata: { deletionTimestamp: '2026-01-02T03:04:05Z' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Terminating' },
    });
    expect((await rig.ask(`DELETE ${path}`)).body).toEqual(deleted.body);
    const finalized = await rig.ask(`PUT ${path}/finalize`, { body: { ...deleted.body, spec: {} } });
    expect(finalized.status).toBe(200);
    expect((await rig.ask(`GET ${path}`)).status).toBe(404);
  });

  it('can lose its finalizers only through finalize', async () => {
    const rig = newRig({}, testRows);
    const { body } = await rig.ask('POST /api/v1/namespaces', { body: { metadata: { name: 'mine' } } });
    const updated = await rig.ask(`PUT ${path}`, { body: { ...body, spec: {} } });
    expect(updated.body.spec.finalizers).toEqual(['kubernetes']);
    expect((await rig.ask(`GET ${path}/finalize`)).status).toBe(405);
  });
});
