import type { AdmissionPlugin } from '@kubephant/serving';
import { encodeProtobuf, schemas } from '@kubephant/schema';
import { newRig, type Rig } from './testing/rig';
import { testRows } from './testing/rows';

const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const configMaps = '/api/v1/namespaces/default/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };
const kind = { apiVersion: 'example.com/v1', kind: 'Widget' };

const newWriteRig = (): Rig => newRig({}, testRows);

describe('create', () => {
  it('makes a name with five random characters of a prefix', async () => {
    const { body } = await newWriteRig().ask(`POST ${configMaps}`, { body: { metadata: { generateName: 'gen-' } } });
    expect(body.metadata.name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(body.metadata.generateName).toBe('gen-');
  });

  it('looks at the revision of a new object after everything else', async () => {
    const metadata = { name: 'a', resourceVersion: '5' };
    const rig = newWriteRig();
    const { body } = await rig.ask(`POST ${configMaps}`, { body: { metadata: { ...metadata, generation: -1 } } });
    expect(body).toMatchObject({ code: 422, details: { causes: [{ field: 'metadata.generation' }] } });
    expect((await rig.ask(`POST ${configMaps}`, { body: { metadata } })).status).toBe(500);
  });

  it('tries other names while generated ones are taken, and gives up in the end', async () => {
    const bare = newWriteRig();
    const tried: string[] = [];
    const store = Object.create(bare.store, {
      create: {
        value: async (key: { name: string }, obj: object) => {
          tried.push(key.name);
          await bare.store.create({ resource: 'configmaps', namespace: 'default', name: 'taken' }, obj as never);
        },
      },
    }) as typeof bare.store;
    await bare.ask(`POST ${configMaps}`, { body: { metadata: { name: 'taken' } } });
    const { body } = await newRig({ store }).ask(`POST ${configMaps}`, {
      body: { metadata: { generateName: 'gen-' } },
    });
    expect(body).toMatchObject({ reason: 'AlreadyExists', code: 409, details: { retryAfterSeconds: 1 } });
    expect(body.message).toContain('the server was not able to generate a unique name for the object');
    expect(new Set(tried).size).toBe(8);
  });

  it('ignores what only the server gives', async () => {
    const metadata = {
      name: 'a',
      uid: 'mine',
      creationTimestamp: '2020-01-01T00:00:00Z',
      deletionTimestamp: '2020-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
      generation: 9,
      selfLink: '/x',
    };
    const { body } = await newWriteRig().ask(`POST ${configMaps}`, { body: { metadata } });
    expect(body.metadata).toEqual({
      name: 'a',
      namespace: 'default',
      uid: expect.not.stringMatching('mine'),
      resourceVersion: '1',
      generation: 9,
      creationTimestamp: '2026-01-02T03:04:05Z',
    });
  });

  it('drops a status and a namespace that do not belong there, and counts from one', async () => {
    const rig = newWriteRig();
    const body = { metadata: { name: 'a', generation: 7 }, spec: { replicas: 2 }, status: { replicas: 9 } };
    const created = await rig.ask(`POST ${widgets}`, { body });
    expect(created.body).toMatchObject({ metadata: { generation: 1 }, status: { replicas: 0 } });
    const gauge = await rig.ask('POST /apis/example.com/v1/gauges', {
      body: { metadata: { name: 'g', namespace: 'x' } },
    });
    expect(gauge.body.metadata).not.toHaveProperty('namespace');
  });

  it('takes JSON, YAML and protobuf', async () => {
    const rig = newWriteRig();
    const yaml = { 'content-type': 'application/yaml' };
    const binary = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    await rig.ask(`POST ${configMaps}`, { headers: yaml, body: 'metadata:\n  name: yaml\ndata:\n  a: "1"\n' });
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'p' }, data: { a: '1' } };
    const bytes = encodeProtobuf(schemas.get('io.k8s.api.core.v1.ConfigMap'), object);
    const answer = await rig.ask(`POST ${configMaps}`, { headers: binary, bytes });
    expect(answer.body).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'p' }, data: { a: '1' } });
    const { body } = await rig.ask(`GET ${configMaps}`);
    expect((body.items as { data: object }[]).map(({ data }) => data)).toEqual([{ a: '1' }, { a: '1' }]);
  });

  it.each([
    ['', ['unknown field "metadata.odd"', 'duplicate field "data.a"', 'unknown field "odder"']],
    ['?fieldValidation=Warn', ['unknown field "metadata.odd"', 'duplicate field "data.a"', 'unknown field "odder"']],
    ['?fieldValidation=Ignore', []],
  ])('warns, with %p, of fields it drops', async (query, warnings) => {
    const body = '{"metadata":{"name":"a","odd":1},"data":{"a":"1","a":"2"},"odder":1}';
    const answer = await newWriteRig().ask(`POST ${configMaps}${query}`, { body });
    expect(answer).toMatchObject({ status: 201, warnings, body: { data: { a: '2' } } });
    expect(answer.body).not.toHaveProperty('odder');
  });

  it('passes on what the row warns of and refuses', async () => {
    const rig = newWriteRig();
    const unlucky = await rig.ask(`POST ${widgets}`, { body: { metadata: { name: 'a' }, spec: { replicas: 13 } } });
    expect(unlucky.warnings).toEqual(['spec.replicas: 13 is unlucky']);
    const wrong = await rig.ask(`POST ${widgets}`, { body: { metadata: { name: 'b' }, spec: { replicas: -1 } } });
    expect(wrong.body.message).toBe('Widget.example.com "b" is invalid: spec.replicas: Invalid value: -1: too few');
  });
});

describe('update', () => {
  it.each([
    ['without a version', {}],
    ['with version 0', { resourceVersion: '0' }],
    ['with the current version', { resourceVersion: '1' }],
  ])('%s replaces the object', async (_, metadata) => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a', labels: { x: 'y' } }, data: { a: '1' } } });
    const body = { metadata: { name: 'a', ...metadata }, data: { b: '2' } };
    const answer = await rig.ask(`PUT ${configMaps}/a`, { body });
    expect(answer).toMatchObject({ status: 200, body: { metadata: { resourceVersion: '2' }, data: { b: '2' } } });
    expect(answer.body.metadata).not.toHaveProperty('labels');
  });

  it('of another uid is refused', async () => {
    const rig = newWriteRig();
    const { body } = await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const answer = await rig.ask(`PUT ${configMaps}/a`, { body: { metadata: { name: 'a', uid: 'other' } } });
    expect(answer.body).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, ' +
        'Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: ' +
        `Precondition failed: UID in precondition: other, UID in object meta: ${body.metadata.uid}`,
    });
  });

  it('of another uid is refused with the place where upstream keeps such things', async () => {
    const rig = newRig();
    const services = '/api/v1/namespaces/default/services';
    const spec = { ports: [{ port: 80 }], clusterIP: 'None' };
    await rig.ask(`POST ${services}`, { body: { metadata: { name: 'a' }, spec } });
    const { body } = await rig.ask(`PUT ${services}/a`, { body: { metadata: { name: 'a', uid: 'other' }, spec } });
    expect(body.message).toContain('Key: /registry/services/specs/default/a, ');
  });

  it('by a patch that makes it malformed is shown in the order of the API', async () => {
    const rig = newRig();
    const { body } = await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const { uid } = body.metadata as { uid: string };
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await rig.ask(`PATCH ${configMaps}/a`, { headers, body: { data: { a: 1 } } });
    const shown = `{"apiVersion":"v1","data":{"a":1},"kind":"ConfigMap","metadata":{"name":"a","namespace":"default","uid":"${uid}","resourceVersion":"1",`;
    expect(answer.body.message).toContain(`patch: Invalid value: ${JSON.stringify(shown).slice(0, -1)}`);
  });

  it('that changes nothing writes nothing, whoever asks', async () => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}?fieldManager=one`, { body: { metadata: { name: 'a' }, data: { a: '1' } } });
    await rig.clock.advance(60_000);
    const body = {
      metadata: { name: 'a', generation: 5, creationTimestamp: '2020-01-01T00:00:00Z' },
      data: { a: '1' },
    };
    const answer = await rig.ask(`PUT ${configMaps}/a?fieldManager=two`, { body });
    expect(answer).toMatchObject({ status: 200, body: { metadata: { resourceVersion: '1' } } });
    expect(answer.body.metadata.managedFields).toHaveLength(1);
    expect(rig.store.revision).toBe(1);
  });

  it('creates where the row says so', async () => {
    const rig = newWriteRig();
    const body = { metadata: { name: 'g', resourceVersion: '5' } };
    expect(await rig.ask('PUT /apis/example.com/v1/gauges/g', { body })).toMatchObject({ status: 201 });
  });

  it('does not create what is asked for by uid', async () => {
    const body = { metadata: { name: 'g', uid: 'gone' } };
    const answer = await newWriteRig().ask('PUT /apis/example.com/v1/gauges/g', { body });
    expect(answer.body).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(answer.body.message).toMatch(/UID in precondition: gone, UID in object meta: $/);
  });

  it('counts changes of the spec, and nothing else, in generation', async () => {
    const rig = newWriteRig();
    const { body } = await rig.ask(`POST ${widgets}`, { body: { metadata: { name: 'a' }, spec: { replicas: 1 } } });
    const { spec } = body as { spec: object };
    const labelled: object = { ...body, metadata: { ...body.metadata, labels: { a: 'b' }, resourceVersion: '' } };
    const generation = async (sent: object, to = 'a'): Promise<number> =>
      (await rig.ask(`PUT ${widgets}/${to}`, { body: sent })).body.metadata.generation as number;
    expect(await generation(labelled)).toBe(1);
    expect(await generation({ ...labelled, spec: { ...spec, replicas: 2 } })).toBe(2);
    expect(await generation({ ...labelled, spec: { ...spec, replicas: 2 }, status: { replicas: 7 } })).toBe(2);
  });

  it('cannot add finalizers to an object that is being deleted, and the last one taken away ends it', async () => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a', finalizers: ['a.b/c'] } } });
    await rig.ask(`DELETE ${configMaps}/a`);
    const more = await rig.ask(`PATCH ${configMaps}/a`, {
      headers: merge,
      body: { metadata: { finalizers: ['a.b/c', 'd.e/f'] } },
    });
    expect(more.body.message).toBe(
      'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"d.e/f"}',
    );
    const last = await rig.ask(`PATCH ${configMaps}/a`, { headers: merge, body: { metadata: { finalizers: null } } });
    expect(last).toMatchObject({ status: 200, body: { metadata: { name: 'a' } } });
    expect((await rig.ask(`GET ${configMaps}/a`)).status).toBe(404);
  });

  it('runs again on the newer object when another write was faster', async () => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const patches = Array.from({ length: 8 }, (_, index) =>
      rig.ask(`PATCH ${configMaps}/a`, { headers: merge, body: { data: { [`k${index}`]: 'v' } } }),
    );
    expect((await Promise.all(patches)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const { body } = await rig.ask(`GET ${configMaps}/a`);
    expect(Object.keys(body.data as object)).toHaveLength(8);
  });
});

describe('patch', () => {
  const container = (name: string, image: string) => ({ name, image });
  const rs = '/apis/apps/v1/namespaces/default/replicasets/a';
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [container('one', 'i'), container('two', 'j')] },
  };

  it.each([
    ['json-patch', [{ op: 'replace', path: '/spec/template/spec/containers/1/image', value: 'k' }], ['one=i', 'two=k']],
    ['merge-patch', { spec: { template: { spec: { containers: [container('two', 'k')] } } } }, ['two=k']],
    [
      'strategic-merge-patch',
      { spec: { template: { spec: { containers: [{ name: 'two', image: 'k' }] } } } },
      ['one=i', 'two=k'],
    ],
  ])('%s changes what it says', async (type, body, images) => {
    const rig = newWriteRig();
    const spec = { selector: { matchLabels: { a: 'b' } }, template };
    await rig.ask('POST /apis/apps/v1/namespaces/default/replicasets', { body: { metadata: { name: 'a' }, spec } });
    const answer = await rig.ask(`PATCH ${rs}`, { headers: { 'content-type': `application/${type}+json` }, body });
    const { containers } = answer.body.spec.template.spec as { containers: { name: string; image: string }[] };
    expect(containers.map(({ name, image }) => `${name}=${image}`).sort()).toEqual(images);
  });

  it('warns of fields it names twice or that do not exist', async () => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const answer = await rig.ask(`PATCH ${configMaps}/a`, {
      headers: merge,
      body: '{"data":{"q":"1","q":"2"},"bogus":1}',
    });
    expect(answer).toMatchObject({ status: 200, warnings: ['duplicate field "data.q"', 'unknown field "bogus"'] });
  });
});

describe('a JSON patch', () => {
  it('warns of members that operations do not have', async () => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' }, data: { b: 'c' } } });
    const headers = { 'content-type': 'application/json-patch+json' };
    const body = '[{"op":"add","path":"/data/q","path":"/data/r","value":"1","foo":1}]';
    const answer = await rig.ask(`PATCH ${configMaps}/a`, { headers, body });
    expect(answer.warnings).toEqual(['json patch duplicate field "[0].path"', 'json patch unknown field "[0].foo"']);
    expect(answer.body.data).toEqual({ b: 'c', r: '1' });
  });
});

describe('apply', () => {
  it('creates, owns, conflicts, and takes by force', async () => {
    const rig = newWriteRig();
    const applied = (replicas: number) => ({ ...kind, metadata: { name: 'a' }, spec: { replicas } });
    const ask = (manager: string, body: object, force = '') =>
      rig.ask(`PATCH ${widgets}/a?fieldManager=${manager}${force}`, { headers: apply, body });
    const created = await ask('one', applied(1));
    expect(created.status).toBe(201);
    expect(created.body.metadata.managedFields).toEqual([
      {
        manager: 'one',
        operation: 'Apply',
        apiVersion: 'example.com/v1',
        time: '2026-01-02T03:04:05Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ]);
    expect(await ask('one', applied(1))).toMatchObject({ status: 200, body: { metadata: { resourceVersion: '1' } } });
    expect((await ask('two', applied(2))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
    );
    expect(await ask('two', applied(2), '&force=1')).toMatchObject({ status: 200, body: { spec: { replicas: 2 } } });
  });

  it('removes what its manager no longer wants', async () => {
    const rig = newWriteRig();
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    const ask = (body: object) => rig.ask(`PATCH ${configMaps}/a?fieldManager=one`, { headers: apply, body });
    await ask({ ...map, data: { a: '1', b: '2' } });
    expect((await ask({ ...map, data: { a: '1' } })).body.data).toEqual({ a: '1' });
  });

  it('does not own a status through the main endpoint', async () => {
    const rig = newWriteRig();
    const body = { ...kind, metadata: { name: 'a' }, spec: { replicas: 1 }, status: { replicas: 4 } };
    const answer = await rig.ask(`PATCH ${widgets}/a?fieldManager=one`, { headers: apply, body });
    expect(answer.body.metadata.managedFields[0].fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {} } });
    expect(answer.body.status).toEqual({ replicas: 0 });
  });
});

describe('admission', () => {
  const calls: string[] = [];
  const plugin = (name: string): AdmissionPlugin => ({
    name,
    handles: () => true,
    async admit({ operation, object }) {
      calls.push(`${name} admits ${operation}`);
      if (object) object.metadata.annotations = { ...object.metadata.annotations, [name]: 'was here' };
    },
    async validate({ operation, object, old }) {
      calls.push(`${name} validates ${operation}${object ? ' object' : ''}${old ? ' old' : ''}`);
    },
  });

  it('changes before anything is validated, and validates what will be stored', async () => {
    const rig = newRig({ admission: [plugin('one'), plugin('two')] }, testRows);
    calls.length = 0;
    const created = await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    await rig.ask(`PUT ${configMaps}/a`, { body: { metadata: { name: 'a' }, data: { a: '1' } } });
    await rig.ask(`DELETE ${configMaps}/a`);
    expect(created.body.metadata.annotations).toEqual({ one: 'was here', two: 'was here' });
    expect(calls).toEqual([
      'one admits CREATE',
      'two admits CREATE',
      'one validates CREATE object',
      'two validates CREATE object',
      'one admits UPDATE',
      'two admits UPDATE',
      'one validates UPDATE object old',
      'two validates UPDATE object old',
      'one admits DELETE',
      'two admits DELETE',
      'one validates DELETE old',
      'two validates DELETE old',
    ]);
  });
});

describe('a dry run', () => {
  it.each([
    ['create', `POST ${configMaps}?dryRun=All`, {}, { metadata: { name: 'b' } }, 201],
    ['update', `PUT ${configMaps}/a?dryRun=All`, {}, { metadata: { name: 'a' }, data: { a: '2' } }, 200],
    ['patch', `PATCH ${configMaps}/a?dryRun=All`, merge, { data: { a: '2' } }, 200],
    [
      'apply',
      `PATCH ${configMaps}/b?dryRun=All&fieldManager=x`,
      apply,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } },
      201,
    ],
    ['delete', `DELETE ${configMaps}/a?dryRun=All`, {}, undefined, 200],
    ['delete by body', `DELETE ${configMaps}/a`, {}, { dryRun: ['All'] }, 200],
    ['delete with a policy', `DELETE ${configMaps}/a?dryRun=All&propagationPolicy=Foreground`, {}, undefined, 200],
    ['deletecollection', `DELETE ${configMaps}?dryRun=All`, {}, undefined, 200],
    ['scale', `PATCH ${widgets}/a/scale?dryRun=All`, merge, { spec: { replicas: 3 } }, 200],
  ])('of %s answers as if, and leaves nothing', async (_, request, headers, body, status) => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' }, data: { a: '1' } } });
    await rig.ask(`POST ${widgets}`, { body: { metadata: { name: 'a' } } });
    expect((await rig.ask(request, { headers, body })).status).toBe(status);
    expect(rig.store.revision).toBe(2);
  });

  it('fails as the write would', async () => {
    const rig = newWriteRig();
    await rig.ask(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    expect((await rig.ask(`POST ${configMaps}?dryRun=All`, { body: { metadata: { name: 'a' } } })).status).toBe(409);
    expect((await rig.ask(`DELETE ${configMaps}/b?dryRun=All`)).status).toBe(404);
  });

  it('of create has no version', async () => {
    const { body } = await newWriteRig().ask(`POST ${configMaps}?dryRun=All`, { body: { metadata: { name: 'a' } } });
    expect(body.metadata).not.toHaveProperty('resourceVersion');
    expect(body.metadata.uid).toBeDefined();
  });
});
