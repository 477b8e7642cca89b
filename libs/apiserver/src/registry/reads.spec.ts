import { namesIn, newRig, type Rig } from './testing/rig';
import { testRows } from './testing/rows';

const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const partial = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;

async function newReadRig(names: readonly string[] = ['a', 'b', 'c']): Promise<Rig> {
  const rig = newRig({}, testRows);
  for (const [index, name] of names.entries()) {
    const metadata = { name, labels: { odd: String(index % 2) } };
    await rig.ask(`POST ${widgets}`, { body: { metadata, spec: { replicas: index } } });
  }
  return rig;
}

describe('a list', () => {
  it.each([
    ['', ['a', 'b', 'c']],
    ['labelSelector=odd%3D0', ['a', 'c']],
    ['fieldSelector=spec.replicas%3D1', ['b']],
    ['fieldSelector=metadata.name!%3Da,metadata.namespace%3Ddefault', ['b', 'c']],
    ['resourceVersion=0&limit=1', ['a', 'b', 'c']],
    ['resourceVersion=2&resourceVersionMatch=Exact', ['a', 'b']],
    ['resourceVersion=2', ['a', 'b', 'c']],
    ['resourceVersion=2&limit=5', ['a', 'b']],
  ])('with %p has %p', async (query, names) => {
    const rig = await newReadRig();
    const answer = await rig.ask(`GET ${widgets}?${query}`);
    expect(namesIn(answer)).toEqual(names);
  });

  it('comes in pages of one state', async () => {
    const rig = await newReadRig();
    const first = await rig.ask(`GET ${widgets}?limit=2`);
    expect(first.body.metadata).toMatchObject({ resourceVersion: '3', remainingItemCount: 1 });
    await rig.ask(`POST ${widgets}`, { body: { metadata: { name: 'bb' } } });
    const token = first.body.metadata.continue as string;
    const second = await rig.ask(`GET ${widgets}?limit=2&continue=${token}`);
    expect([...namesIn(first), ...namesIn(second)]).toEqual(['a', 'b', 'c']);
    expect(second.body.metadata).toEqual({ resourceVersion: '3' });
    const wrong = await rig.ask(`GET ${widgets}?limit=2&continue=${token}&resourceVersion=3`);
    expect(wrong.body.message).toBe('specifying resource version is not allowed when using continue');
  });

  it('of nothing is an empty one', async () => {
    const rig = await newReadRig([]);
    expect((await rig.ask('GET /apis/example.com/v1/widgets')).body).toEqual({
      kind: 'WidgetList',
      apiVersion: 'example.com/v1',
      metadata: { resourceVersion: '0' },
      items: [],
    });
  });

  it('is written from stored bytes, which are not copied', async () => {
    const rig = await newReadRig(['a']);
    const reply = await rig.open(`GET ${widgets}`);
    const { items } = await rig.store.list({ resource: 'widgets.example.com' });
    if (reply.kind !== 'bytes') throw new Error(reply.kind);
    expect(reply.chunks.map(({ buffer }) => buffer)).toContain(items[0]?.json.buffer);
  });
});

describe('a get', () => {
  it('answers with the stored bytes', async () => {
    const rig = await newReadRig(['a']);
    const reply = await rig.open(`GET ${widgets}/a`);
    const stored = await rig.store.get({ resource: 'widgets.example.com', namespace: 'default', name: 'a' });
    expect(reply).toMatchObject({ kind: 'bytes', status: 200, contentType: 'application/json' });
    if (reply.kind === 'bytes') expect(reply.chunks[0]).toBe(stored.json);
  });

  it('is left to the edge to encode in other media types', async () => {
    const rig = await newReadRig(['a']);
    const reply = await rig.open(`GET ${widgets}/a`, { headers: { accept: 'application/yaml' } });
    expect(reply).toMatchObject({ kind: 'object', status: 200, body: { kind: 'Widget', metadata: { name: 'a' } } });
  });

  it('warns of a deprecated resource', async () => {
    const rig = newRig({}, testRows);
    const { warnings } = await rig.ask('GET /apis/example.com/v1/gauges/none');
    expect(warnings).toEqual(['example.com/v1 Gauge is deprecated']);
  });
});

describe('a Table', () => {
  const columns = [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    { name: 'Replicas', type: 'integer', format: '', description: '', priority: 0 },
    { name: 'Phase', type: 'string', format: '', description: '', priority: 1 },
  ];

  it('has the columns of the row and the metadata of the objects', async () => {
    const rig = await newReadRig(['a', 'b']);
    const { body } = await rig.ask(`GET ${widgets}?limit=1`, { headers: { accept: table } });
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '2', remainingItemCount: 1 },
      columnDefinitions: columns,
      rows: [{ cells: ['a', 0, 'Idle'], object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } }],
    });
    expect(body.rows[0].object).not.toHaveProperty('spec');
  });

  it.each([
    ['None', null],
    ['Object', expect.objectContaining({ kind: 'Widget', spec: expect.anything() })],
    ['Metadata', expect.objectContaining({ kind: 'PartialObjectMetadata' })],
  ])('includes, with includeObject=%s, that much of the object', async (include, object) => {
    const rig = await newReadRig(['a']);
    const { body } = await rig.ask(`GET ${widgets}/a?includeObject=${include}`, { headers: { accept: table } });
    expect(body.metadata).toEqual({ resourceVersion: '1' });
    expect(body.rows).toEqual([{ cells: ['a', 0, 'Idle'], object }]);
  });

  it('is what kubectl gets when it prefers one', async () => {
    const rig = await newReadRig(['a']);
    const accept = `${table},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`;
    expect((await rig.ask(`GET ${widgets}`, { headers: { accept } })).body.kind).toBe('Table');
  });
});

describe('metadata alone', () => {
  it('is given of one object and of a list', async () => {
    const rig = await newReadRig(['a']);
    const one = await rig.ask(`GET ${widgets}/a`, { headers: { accept: partial('PartialObjectMetadata') } });
    const list = await rig.ask(`GET ${widgets}`, { headers: { accept: partial('PartialObjectMetadataList') } });
    const { body } = await rig.ask(`GET ${widgets}/a`);
    const expected = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: body.metadata };
    expect(one.body).toEqual(expected);
    expect(list.body).toEqual({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '1' },
      items: [expected],
    });
  });
});
