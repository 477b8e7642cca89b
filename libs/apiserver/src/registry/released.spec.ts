import { newRig } from './testing/rig';

const path = '/api/v1/namespaces/default/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };

describe('an update that lets go of an object that is to be deleted', () => {
  it.each(['PATCH', 'PUT'])('answers a %s with the object as it was, at the version that it had', async (verb) => {
    const rig = newRig();
    await rig.ask(`POST ${path}`, { body: { metadata: { name: 'a', finalizers: ['a.b/c'] } } });
    const held = (await rig.ask(`DELETE ${path}/a`)).body;
    const body = verb === 'PATCH' ? { metadata: { finalizers: null } } : { metadata: { name: 'a' } };
    const answer = await rig.ask(`${verb} ${path}/a`, { ...(verb === 'PATCH' && { headers: merge }), body });
    const { finalizers: _finalizers, managedFields: _managedFields, ...metadata } = held.metadata;
    expect([answer.status, answer.body.metadata]).toEqual([200, metadata]);
    expect((await rig.ask(`GET ${path}/a`)).status).toBe(404);
  });
});

describe('a deletion that says nothing of dependents', () => {
  it('gets a warning where they stay', async () => {
    const rig = newRig();
    const jobs = '/apis/batch/v1/namespaces/default/jobs';
    const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } };
    await rig.ask(`POST ${jobs}`, { body: { metadata: { name: 'a' }, spec } });
    const warning =
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or ' +
      'set propagationPolicy=Orphan to suppress this warning';
    expect((await rig.ask(`DELETE ${jobs}/a?dryRun=All&propagationPolicy=Background`)).warnings).toEqual([]);
    expect((await rig.ask(`DELETE ${jobs}/a?dryRun=All`)).warnings).toEqual([warning]);
    expect((await rig.ask(`DELETE ${jobs}`)).warnings).toEqual([warning]);
  });
});

describe('a write to the object of another uid', () => {
  it.each([
    ['', '/registry/configmaps/default/a'],
    ['?dryRun=All', '/configmaps/default/a'],
  ])('is a conflict that names the key%s', async (query, key) => {
    const rig = newRig();
    await rig.ask(`POST ${path}`, { body: { metadata: { name: 'a' } } });
    const { body } = await rig.ask(`PUT ${path}/a${query}`, { body: { metadata: { name: 'a', uid: 'x' } } });
    expect(body).toMatchObject({ code: 409, message: expect.stringContaining(`Key: ${key}, `) as string });
  });
});
