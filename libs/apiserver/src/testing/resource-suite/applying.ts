import type { KubeObject } from '@kubephant/api';
import { covers, substance } from './facts';
import { contentTypes, type Json, type Subject } from './subject';

const applying = (manager: string, force = false): string => `fieldManager=${manager}${force ? '&force=true' : ''}`;
const headers = { 'content-type': contentTypes.apply };

/** Server-side apply: two managers, one object. */
export function applied(subject: () => Subject): void {
  const apply = async (body: object, manager: string, force = false) => {
    const { ask, one } = subject();
    return ask(`PATCH ${one}?${applying(manager, force)}`, { headers, body });
  };
  const labelled = (tier: string): Json => {
    const { example } = subject();
    return { ...example, metadata: { ...(example['metadata'] as Json), labels: { tier } } };
  };
  const unlabelled = (): Json => ({ ...subject().example, metadata: { name: subject().name } });

  it('creates what is applied, as a create would, and owns what it said', async () => {
    const { example, born, gone } = subject();
    const created = await born();
    await gone();
    const { status, body } = await apply(example, 'a');
    expect([status, substance(body as KubeObject)]).toEqual([201, substance(created)]);
    expect(body.metadata.managedFields).toEqual([expect.objectContaining({ manager: 'a', operation: 'Apply' })]);
    expect((await apply(example, 'a')).body).toEqual(body);
  });

  it('takes what is changed', async () => {
    const { example, changed, row } = subject();
    await apply(example, 'a');
    const { status, body } = await apply(changed, 'a');
    expect(status).toBe(200);
    if (row.kind !== 'Secret') expect(covers(body, changed)).toBe(true);
  });

  it('asks two managers to agree, and lets one of them insist', async () => {
    await apply(labelled('front'), 'a');
    const refused = await apply(labelled('back'), 'b');
    expect(refused.body).toMatchObject({ code: 409, reason: 'Conflict' });
    const cause = { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.metadata.labels.tier' };
    expect(refused.body.details.causes).toContainEqual(cause);
    const forced = await apply(labelled('back'), 'b', true);
    expect([forced.status, forced.body.metadata.labels.tier]).toEqual([200, 'back']);
  });

  it('takes away what its only owner no longer says', async () => {
    await apply(labelled('front'), 'a');
    const { body } = await apply(unlabelled(), 'a');
    expect(body.metadata.labels ?? {}).not.toHaveProperty('tier');
  });

  it('keeps what another owns as well', async () => {
    await apply(labelled('front'), 'a');
    await apply(labelled('front'), 'b', true);
    const { body } = await apply(unlabelled(), 'a', true);
    expect(body.metadata.labels.tier).toBe('front');
  });

  it('changes nothing in a dry run', async () => {
    const { ask, one } = subject();
    const { status } = await ask(`PATCH ${one}?${applying('a')}&dryRun=All`, { headers, body: labelled('front') });
    expect([status, (await ask(`GET ${one}`)).status]).toEqual([201, 404]);
  });
}
