import type { Subject } from './subject';

/** DELETE of one. */
export function removing(subject: () => Subject): void {
  it('removes it, once nothing holds it', async () => {
    const { born, gone, ask, one, name } = subject();
    await born();
    await gone();
    expect((await ask(`GET ${one}`)).body).toMatchObject({ code: 404, reason: 'NotFound', details: { name } });
    expect((await ask(`DELETE ${one}`)).body).toMatchObject({ code: 404, reason: 'NotFound' });
  });

  it('removes only the object that is meant', async () => {
    const { born, ask, one, read } = subject();
    const stored = await born();
    const { body } = await ask(`DELETE ${one}`, { body: { preconditions: { uid: 'other' } } });
    expect(body).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(await read()).toEqual(stored);
  });

  it('removes nothing in a dry run', async () => {
    const { born, ask, one, read } = subject();
    const stored = await born();
    expect((await ask(`DELETE ${one}?dryRun=All`)).status).toBe(200);
    expect(await read()).toEqual(stored);
  });

  it('keeps it while a finalizer is left, and says so', async () => {
    const { ask, one, born, example, read } = subject();
    const metadata = { ...(example['metadata'] as object), finalizers: ['example.com/hold'] };
    await born({ ...example, metadata });
    await ask(`DELETE ${one}?gracePeriodSeconds=0`);
    expect((await read()).metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      finalizers: expect.arrayContaining(['example.com/hold']),
    });
  });
}

/** DELETE of a collection, where the row has it. */
export function removingMany(subject: () => Subject): void {
  it('removes those of a collection that are selected', async () => {
    const { born, ask, path, one, read } = subject();
    const stored = await born();
    const many = `DELETE ${path}?gracePeriodSeconds=0&labelSelector=`;
    await ask(`${many}tier%3Dback`);
    expect(await read()).toEqual(stored);
    await ask(`${many}tier%3Dfront&dryRun=All`);
    expect(await read()).toEqual(stored);
    await ask(`${many}tier%3Dfront`);
    const { status, body } = await ask(`GET ${one}`);
    expect(status === 404 || body.metadata.deletionTimestamp !== undefined).toBe(true);
  });
}
