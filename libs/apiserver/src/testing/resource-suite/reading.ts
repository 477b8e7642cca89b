import type { KubeObject } from '@kubephant/api';
import { readAs } from '@kubephant/resources/testing';
import { decodeValue, decodeYaml } from '@kubephant/schema';
import { watched } from './watched';
import { withLabels } from './facts';
import type { Json, Subject } from './subject';

/** Lists, selectors, tables and watches. */
export function reading(subject: () => Subject): void {
  const found = async (query: string): Promise<readonly string[]> => {
    const { ask, path } = subject();
    const { status, body } = await ask(`GET ${path}?${query}`);
    if (status !== 200) throw new Error(`${query}: ${body.message}`);
    return (body.items as KubeObject[]).map(({ metadata }) => metadata.name);
  };

  it('lists it, without its kind', async () => {
    const { born, ask, path, row, apiVersion, name } = subject();
    const { kind: _kind, apiVersion: _version, ...rest } = await born();
    const { body } = await ask(`GET ${path}`);
    expect(body).toMatchObject({
      kind: `${row.kind}List`,
      apiVersion,
      metadata: { resourceVersion: expect.any(String) },
    });
    expect((body.items as KubeObject[]).find(({ metadata }) => metadata.name === name)).toEqual(rest);
  });

  it('finds it by its labels', async () => {
    const { born, name } = subject();
    await born();
    for (const yes of ['tier=front', 'tier', 'tier in (front,back)', '!color']) {
      expect([yes, await found(`labelSelector=${encodeURIComponent(yes)}`)]).toEqual([
        yes,
        expect.arrayContaining([name]),
      ]);
    }
    for (const no of ['tier!=front', 'tier=back', '!tier', 'tier notin (front)']) {
      expect([no, await found(`labelSelector=${encodeURIComponent(no)}`)]).toEqual([
        no,
        expect.not.arrayContaining([name]),
      ]);
    }
  });

  it('finds it by every field that may be named, and refuses others', async () => {
    const { born, row, name, ask, path } = subject();
    const obj = readAs(row, (await born()) as unknown as Json);
    const names = { path: 'metadata.name', value: () => name };
    for (const field of [...(row.fields ?? []), names]) {
      const value = field.value(obj).replaceAll(/[\\,=]/g, '\\$&');
      const selector = (op: string) => `fieldSelector=${encodeURIComponent(`${field.path}${op}${value}`)}`;
      expect([field.path, await found(selector('='))]).toEqual([field.path, expect.arrayContaining([name])]);
      expect([field.path, await found(selector('!='))]).toEqual([field.path, expect.not.arrayContaining([name])]);
    }
    const { body } = await ask(`GET ${path}?fieldSelector=spec.colour%3Dblue`);
    expect(body).toMatchObject({
      code: 400,
      message: expect.stringContaining('spec.colour'),
    });
  });

  it.each([
    ['Table', ''],
    ['Table', '?includeObject=Object'],
    ['Table', '?includeObject=None'],
  ])('prints it as a %s%s, with a cell for every column', async (kind, query) => {
    const { born, ask, one, row } = subject();
    await born();
    const accept = `application/json;as=${kind};v=v1;g=meta.k8s.io`;
    const { body } = await ask(`GET ${one}${query}`, { headers: { accept } });
    const columns = (row.columns ?? []).filter(({ unlisted }) => !unlisted);
    expect(body.columnDefinitions).toMatchObject(
      columns.map(({ name, type, wide }) => ({
        name,
        type,
        priority: wide ? 1 : 0,
      })),
    );
    expect(body.rows).toHaveLength(1);
    expect(body.rows[0].cells).toHaveLength((row.columns ?? []).length);
    const kinds: Readonly<Record<string, string>> = { '': 'PartialObjectMetadata', '?includeObject=Object': row.kind };
    expect(body.rows[0].object?.kind).toBe(kinds[query]);
  });

  it('gives its metadata alone to those who ask for no more', async () => {
    const { born, ask, one, path } = subject();
    const { metadata } = await born();
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
    const { body } = await ask(`GET ${one}`, { headers: { accept } });
    expect(body).toEqual({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });
    const many = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
    const list = (await ask(`GET ${path}`, { headers: many })).body;
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(list.items).toContainEqual(body);
  });

  it('says in YAML what it says in JSON', async () => {
    const { born, ask, one, schema } = subject();
    const stored = await born();
    const { body, headers } = await ask(`GET ${one}`, { headers: { accept: 'application/yaml' } });
    expect(headers['content-type']).toBe('application/yaml');
    expect(decodeYaml(schema, body as string).object).toEqual(decodeValue(schema, stored, 'Strict').object);
  });

  it('tells watchers of all that happens to it', async () => {
    const it = subject();
    const { body } = await it.ask(`GET ${it.path}`);
    await using watch = await watched(it, `resourceVersion=${body.metadata.resourceVersion}`);
    const added = await it.born();
    const modified = (await it.ask(`PUT ${it.one}`, { body: withLabels(added, { tier: 'seen' }) })).body;
    await it.gone();
    const events = await watch.untilDeleted();
    expect(events.slice(0, 2)).toEqual([
      { type: 'ADDED', object: added },
      { type: 'MODIFIED', object: modified },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'DELETED', object: { metadata: { uid: added.metadata.uid } } });
  });
}
