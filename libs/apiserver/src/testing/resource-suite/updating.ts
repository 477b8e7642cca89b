import type { KubeObject } from '@kubephant/api';
import { mutate } from '@kubephant/resources/testing';
import { causesOf, covers, mergePatchOf, substance, withLabels } from './facts';
import { contentTypes, expectOk, type Json, type Subject } from './subject';

/** PUT and the three patches that say what is to be different. */
export function updating(subject: () => Subject): void {
  const changedBy = async (how: (subject: Subject, stored: KubeObject, wanted: Json) => Promise<KubeObject>) => {
    const it = subject();
    const stored = await it.born();
    const wanted = mutate(stored, it.edits.change) as Json;
    const answer = await how(it, stored, wanted);
    expect(await it.read()).toEqual(answer);
    expect(answer.metadata.uid).toBe(stored.metadata.uid);
    expect(answer.metadata.resourceVersion).not.toBe(stored.metadata.resourceVersion);
    return substance(answer);
  };
  const put = (it: Subject, _: KubeObject, body: Json) => it.ask(`PUT ${it.one}`, { body }).then(ok);
  const patched = (type: keyof typeof contentTypes) => (it: Subject, stored: KubeObject, wanted: Json) =>
    it
      .ask(`PATCH ${it.one}`, { headers: { 'content-type': contentTypes[type] }, body: patchOf(type, stored, wanted) })
      .then(ok);

  it('takes an update that is allowed', async () => {
    const { edits } = subject();
    const updated = await changedBy(put);
    expect(covers(updated, mutate(updated, edits.change))).toBe(true);
  });

  it.each(['json', 'merge', 'strategic'] as const)('makes of a %s patch what an update makes', async (type) => {
    const updated = await changedBy(put);
    await subject().gone();
    expect(await changedBy(patched(type))).toEqual(updated);
  });

  it('stores nothing when nothing changes', async () => {
    const { born, ask, one } = subject();
    const stored = await born();
    expect((await ask(`PUT ${one}`, { body: stored })).body).toEqual(stored);
    const headers = { 'content-type': contentTypes.merge };
    expect((await ask(`PATCH ${one}`, { headers, body: {} })).body).toEqual(stored);
  });

  it('refuses an update that is forbidden', async () => {
    const { born, ask, one, edits, read } = subject();
    const stored = await born();
    const [cause, ...changes] = edits.forbidden;
    const { status, body } = await ask(`PUT ${one}`, { body: mutate(stored, changes) as Json });
    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(causesOf(body)).toContain(cause);
    expect(await read()).toEqual(stored);
  });

  it.each<[string, string[], object]>([
    ['version that is past', ['/metadata/resourceVersion = "1"'], { code: 409, reason: 'Conflict' }],
    ['uid of another', ['/metadata/uid = "22222222-2222-4222-8222-222222222222"'], { code: 409, reason: 'Conflict' }],
    ['name of another', ['/metadata/name = "other"'], { code: 400, reason: 'BadRequest' }],
  ])('refuses an update with the %s', async (_, changes, expected) => {
    const { born, ask, one } = subject();
    const { body } = await ask(`PUT ${one}`, { body: mutate(await born(), changes) as Json });
    expect(body).toMatchObject(expected);
  });

  it('takes an update of no version, unless the kind insists on one', async () => {
    const { born, ask, one, row } = subject();
    const { status, body } = await ask(`PUT ${one}`, {
      body: mutate(await born(), ['- /metadata/resourceVersion']) as Json,
    });
    expect(status).toBe(row.conditionalUpdate ? 422 : 200);
    if (row.conditionalUpdate) expect(causesOf(body)).toEqual(['metadata.resourceVersion: FieldValueInvalid']);
  });

  it('changes nothing in a dry run', async () => {
    const { born, ask, one, read } = subject();
    const stored = await born();
    const labels = { tier: 'tried' };
    const tried = await ask(`PUT ${one}?dryRun=All`, { body: withLabels(stored, labels) });
    expect(tried.body.metadata.labels).toMatchObject(labels);
    const headers = { 'content-type': contentTypes.strategic };
    const patch = await ask(`PATCH ${one}?dryRun=All`, { headers, body: { metadata: { labels } } });
    expect(patch.body.metadata.labels).toMatchObject(labels);
    expect(await read()).toEqual(stored);
  });

  it('does not take what holds it for another generation', async () => {
    const { born, ask, one, row } = subject();
    const body = mutate(await born(), ['/metadata/finalizers = ["example.com/hold"]']) as Json;
    const held = expectOk(await ask(`PUT ${one}`, { body }), 200);
    expect(held.metadata.generation).toBe(row.generation ? 1 : undefined);
  });
}

const ok = (answered: Parameters<typeof expectOk>[0]): KubeObject => expectOk(answered, 200);

function patchOf(type: keyof typeof contentTypes, stored: KubeObject, wanted: Json): object {
  const patch = mergePatchOf(stored, wanted) as Json;
  if (type !== 'json') return patch;
  return Object.keys(patch).map((key) =>
    key in wanted ? { op: 'add', path: `/${key}`, value: wanted[key] } : { op: 'remove', path: `/${key}` },
  );
}
