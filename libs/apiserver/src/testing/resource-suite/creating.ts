import { mutate, readAs } from '@kubephant/resources/testing';
import { encodeYaml } from '@kubephant/schema';
import { causesOf, substance } from './facts';
import type { Json, Subject } from './subject';

/** Create: what comes back, what is refused, and what is only tried. */
export function creating(subject: () => Subject): void {
  it('stores what is posted, with its defaults and an identity', async () => {
    const { born, read, row, example, apiVersion } = subject();
    const posted = await born();
    expect(await read()).toEqual(posted);
    expect(posted).toMatchObject({ kind: row.kind, apiVersion, metadata: { labels: { tier: 'front' } } });
    expect(posted.metadata).toMatchObject({ uid: expect.any(String), resourceVersion: expect.stringMatching(/^\d+$/) });
    expect(posted.metadata.generation).toBe(row.generation ? 1 : undefined);
    expect(posted.metadata.managedFields?.[0]).toMatchObject({ operation: 'Update', apiVersion });
    const defaulted = substance(readAs(row, example));
    for (const [key, value] of Object.entries(defaulted)) {
      if (!['metadata', 'status', 'spec', 'stringData', 'data'].includes(key))
        expect(posted).toHaveProperty(key, value);
    }
  });

  it('reads the defaults that it stored as they are', async () => {
    const { born, row } = subject();
    const posted = await born();
    expect(JSON.parse(JSON.stringify(readAs(row, posted as unknown as Json)))).toEqual(posted);
  });

  it('takes YAML as it takes JSON', async () => {
    const { born, gone, ask, path, example, read } = subject();
    const fromJson = await born();
    await gone();
    const headers = { 'content-type': 'application/yaml' };
    expect((await ask(`POST ${path}`, { headers, body: encodeYaml(example) })).status).toBe(201);
    expect(substance(await read())).toEqual(substance(fromJson));
  });

  it('refuses what is wrong, and says where', async () => {
    const { ask, path, example, edits, row } = subject();
    for (const [cause, ...changes] of edits.invalid) {
      const { status, body } = await ask(`POST ${path}`, { body: mutate(example, changes) as Json });
      expect([status, body.reason, body.details?.kind]).toEqual([422, 'Invalid', row.kind]);
      expect(causesOf(body)).toContain(cause);
    }
  });

  it.each<[string, (example: Json) => Json | string, object]>([
    [
      'a label that is none',
      (example) => mutate(example, ['/metadata/labels = {"a b":"1"}']) as Json,
      { code: 422, reason: 'Invalid' },
    ],
    ['another kind', (example) => ({ ...example, kind: 'Other' }), { code: 400, reason: 'BadRequest' }],
    ['a version on create', (example) => mutate(example, ['/metadata/resourceVersion = "7"']) as Json, { code: 500 }],
    ['metadata of a wrong type', (example) => ({ ...example, metadata: 5 }), { code: 400, reason: 'BadRequest' }],
    ['half an object', (example) => JSON.stringify(example).slice(0, -9), { code: 400, reason: 'BadRequest' }],
  ])('refuses an object with %s', async (_, draft, expected) => {
    const { ask, path, example } = subject();
    const { body } = await ask(`POST ${path}`, { body: draft(example) });
    expect(body).toMatchObject({ kind: 'Status', status: 'Failure', ...expected });
  });

  it('refuses an object without a name, unless the kind names itself', async () => {
    const { ask, path, example } = subject();
    const { body } = await ask(`POST ${path}?dryRun=All`, { body: { ...example, metadata: {} } });
    if (body.kind === 'Status') expect(causesOf(body)).toContain('metadata.name: FieldValueRequired');
    else expect(body.metadata.name).toEqual(expect.stringMatching(/./));
  });

  it('refuses fields that it does not know where it is told to be strict', async () => {
    const { ask, path, example, apiVersion, row } = subject();
    const body = { ...example, colour: 'blue' };
    const strict = await ask(`POST ${path}?fieldValidation=Strict`, { body });
    expect(strict.body).toMatchObject({
      code: 400,
      message: `${row.kind} in version "${apiVersion.split('/').at(-1)!}" cannot be handled as a ${row.kind}: strict decoding error: unknown field "colour"`,
    });
  });

  it('refuses the same object twice', async () => {
    const { ask, path, example, born, name } = subject();
    await born();
    const { body } = await ask(`POST ${path}`, { body: example });
    expect(body).toMatchObject({ code: 409, reason: 'AlreadyExists', details: { name } });
  });

  it('creates nothing in a dry run', async () => {
    const { ask, path, one, example } = subject();
    const tried = await ask(`POST ${path}?dryRun=All`, { body: example });
    expect([tried.status, tried.body.metadata.name]).toEqual([201, (example['metadata'] as { name: string }).name]);
    expect((await ask(`GET ${one}`)).status).toBe(404);
  });

  it('ends a name that is only begun, where names are free', async () => {
    const { ask, path, example, edits } = subject();
    const draft = { ...example, metadata: { generateName: 'made-' } };
    const { status, body } = await ask(`POST ${path}?dryRun=All`, { body: draft });
    if (edits.nameFollows) expect(causesOf(body)).toContain('metadata.name: FieldValueInvalid');
    else expect([status, body.metadata?.name]).toEqual([201, expect.stringMatching(/^made-[a-z0-9]{5}$/)]);
  });
}
