import { contentTypes, type Subject } from './subject';

/** `/scale`, where the row has it. */
export function scaling(subject: () => Subject): void {
  it('changes its size by update, patch and apply, and nothing else of it', async () => {
    const { born, ask, one, read, name } = subject();
    const stored = await born();
    const { body: scale } = await ask(`GET ${one}/scale`);
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name },
      spec: { replicas: 1 },
    });
    const put = await ask(`PUT ${one}/scale`, { body: { ...scale, spec: { replicas: 2 } } });
    expect(put.body.spec).toEqual({ replicas: 2 });
    for (const [replicas, type] of [
      [3, 'merge'],
      [4, 'strategic'],
    ] as const) {
      const headers = { 'content-type': contentTypes[type] };
      await ask(`PATCH ${one}/scale`, { headers, body: { spec: { replicas } } });
      expect(await read()).toMatchObject({ spec: { replicas }, metadata: { uid: stored.metadata.uid } });
    }
    const applied = { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name }, spec: { replicas: 5 } };
    const headers = { 'content-type': contentTypes.apply };
    expect((await ask(`PATCH ${one}/scale?fieldManager=a`, { headers, body: applied })).status).toBe(409);
    expect((await ask(`PATCH ${one}/scale?fieldManager=a&force=true`, { headers, body: applied })).status).toBe(200);
    expect(await read()).toMatchObject({ spec: { replicas: 5 } });
  });

  it('refuses a size below nothing', async () => {
    const { born, ask, one } = subject();
    await born();
    const headers = { 'content-type': contentTypes.merge };
    const { body } = await ask(`PATCH ${one}/scale`, { headers, body: { spec: { replicas: -1 } } });
    expect(body).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.replicas' }] } });
  });
}
