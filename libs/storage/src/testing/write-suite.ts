import type { Store } from '../store';
import { keyOf, podOf, type StoreEnvironment, type TestPod } from './fixtures';

const count = (pod: TestPod | undefined): number => pod?.spec?.count ?? 0;
const countUp = (pod: TestPod): { to: TestPod } => ({ to: { ...pod, spec: { count: count(pod) + 1 } } });

export function writeSuite(newEnvironment: () => Promise<StoreEnvironment>): void {
  let environment: StoreEnvironment;
  let store: Store;
  beforeEach(async () => {
    environment = await newEnvironment();
    store = await environment.open();
  });
  afterEach(() => environment.close());

  it('gives every mutation the next revision, and nothing else one', async () => {
    const first = await store.create(keyOf('a'), podOf('a'));
    await expect(store.create(keyOf('a'), podOf('a'))).rejects.toMatchObject({ reason: 'AlreadyExists' });
    await expect(store.delete(keyOf('none'))).rejects.toMatchObject({ reason: 'NotFound' });
    const updated = await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => countUp(pod!));
    await store.guaranteedUpdate(keyOf('a'), () => 'unchanged');
    const deleted = await store.delete(keyOf('a'));
    expect([updated.stored.revision, deleted.revision]).toEqual([first.revision + 1, first.revision + 2]);
    expect(store.revision).toBe(first.revision + 2);
  });

  it('gives writes that come together one revision each, without a gap', async () => {
    const before = store.revision;
    const made = await Promise.all(Array.from({ length: 100 }, (_, i) => store.create(keyOf(`p${i}`), podOf(`p${i}`))));
    const revisions = made.map(({ revision }) => revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 100 }, (_, i) => before + 1 + i));
  });

  it('lets one of many creations of a name win, also right after its deletion', async () => {
    for (const round of ['first', 'again']) {
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => store.create(keyOf('one'), podOf('one'))));
      const lost = tries.filter((attempt) => attempt.status === 'rejected');
      expect([round, lost.length]).toEqual([round, 7]);
      for (const { reason } of lost) expect(reason).toMatchObject({ reason: 'AlreadyExists', code: 409 });
      await store.delete(keyOf('one'));
    }
  });

  it('puts its own resourceVersion into the bytes, whatever the writer says', async () => {
    const pod = podOf('a', { data: { 'metadata":{': '"metadata":{' } });
    pod.metadata.resourceVersion = '999';
    const { json, object, revision } = await store.create(keyOf('a'), pod);
    expect(object).toEqual({ ...pod, metadata: { ...pod.metadata, resourceVersion: String(revision) } });
    expect(JSON.parse(json.toString())).toEqual(object);
    expect(json.toString().match(/resourceVersion/g)).toHaveLength(1);
    expect((await store.get(keyOf('a'))).json).toEqual(json);
  });

  it.each([
    ['a __proto__ key', '{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'],
    ['characters beyond the basic plane', JSON.stringify({ text: '\u{1F418} \u{10FFFF} é' })],
    ['half of a surrogate pair', '{"text":"\\ud83d"}'],
    ['a NUL', '{"text":"a\\u0000b"}'],
    ['numbers as they were written', '{"zero":-0,"big":1e300}'],
  ])('gives back %s as it came', async (_, text) => {
    const data = JSON.parse(text) as Record<string, unknown>;
    await store.create(keyOf('a'), podOf('a', { data }));
    const again = await environment.open();
    const { json } = await again.get(keyOf('a'));
    expect(json.toString()).toContain(`"data":${JSON.stringify(data)}`);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('hands out objects that nobody can change', async () => {
    const { object } = await store.create<TestPod>(keyOf('a'), podOf('a', { spec: { count: 1 } }));
    expect(() => Object.assign(object.spec!, { count: 2 })).toThrow(TypeError);
    expect((await store.get<TestPod>(keyOf('a'))).object.spec).toEqual({ count: 1 });
  });

  it('is not touched by what the writer does to its object afterwards', async () => {
    const pod = podOf('a', { labels: { app: 'one' } });
    const creating = store.create(keyOf('a'), pod);
    pod.metadata.labels = { app: 'two' };
    expect((await creating).object.metadata.labels).toEqual({ app: 'one' });
  });

  it('loses none of many updates of one object', async () => {
    await store.create(keyOf('a'), podOf('a'));
    await Promise.all(
      Array.from({ length: 40 }, () => store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => countUp(pod!))),
    );
    expect(count((await store.get<TestPod>(keyOf('a'))).object)).toBe(40);
  });

  it('does not write an update that changes nothing, or only the order of keys', async () => {
    const { revision } = await store.create(keyOf('a'), podOf('a', { data: { x: 1, y: 2 } }));
    const same = await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ to: { ...pod! } }));
    const turned = await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({
      to: { ...pod!, data: { y: 2, x: 1 } },
    }));
    expect([same.outcome, turned.outcome]).toEqual(['unchanged', 'unchanged']);
    expect([same.stored.revision, store.revision]).toEqual([revision, revision]);
  });

  it('updates what is there, and creates only when told to', async () => {
    await expect(store.guaranteedUpdate(keyOf('a'), () => ({ to: podOf('a') }))).rejects.toMatchObject({
      reason: 'NotFound',
    });
    const created = await store.guaranteedUpdate<TestPod>(
      keyOf('a'),
      (pod) => ({ to: podOf('a', { spec: { count: pod ? 2 : 1 } }) }),
      { orCreate: true },
    );
    expect([created.outcome, created.stored.object.spec]).toEqual(['created', { count: 1 }]);
    const updated = await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => countUp(pod!), { orCreate: true });
    expect([updated.outcome, updated.stored.object.spec]).toEqual(['updated', { count: 2 }]);
    expect(updated.stored.createdRevision).toBe(created.stored.revision);
  });

  it('removes with the final state that the update decided on', async () => {
    await store.create(keyOf('a'), podOf('a', { spec: { count: 1 } }));
    const { outcome, stored } = await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({
      remove: { ...pod!, spec: { count: 99 } },
    }));
    expect([outcome, stored.object.spec, stored.revision]).toEqual(['removed', { count: 99 }, store.revision]);
    expect(stored.object.metadata.resourceVersion).toBe(String(store.revision));
    await expect(store.get(keyOf('a'))).rejects.toMatchObject({ reason: 'NotFound', code: 404 });
  });

  it('answers a deletion with the last state at the revision of the deletion', async () => {
    const { createdRevision } = await store.create(keyOf('a'), podOf('a', { spec: { count: 7 } }));
    const gone = await store.delete<TestPod>(keyOf('a'));
    expect(gone.object.spec).toEqual({ count: 7 });
    expect([gone.revision, gone.object.metadata.resourceVersion]).toEqual([store.revision, String(store.revision)]);
    expect(gone.createdRevision).toBe(createdRevision);
  });

  it.each([
    [
      'another uid',
      { uid: 'other' },
      'the UID in the precondition (other) does not match the UID in record (uid-of-a)',
    ],
    [
      'an older resourceVersion',
      { resourceVersion: '1' },
      'the ResourceVersion in the precondition (1) does not match',
    ],
  ])('refuses with Conflict what was decided on %s', async (_, preconditions, message) => {
    await store.create(keyOf('before'), podOf('before'));
    await store.create(keyOf('a'), podOf('a'));
    const refusal = { reason: 'Conflict', code: 409, message: expect.stringContaining(message) as string };
    await expect(store.delete(keyOf('a'), { preconditions })).rejects.toMatchObject(refusal);
    const change = store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => countUp(pod!), { preconditions });
    await expect(change).rejects.toMatchObject(refusal);
  });

  it('deletes when uid and resourceVersion are the right ones', async () => {
    const { revision } = await store.create(keyOf('a'), podOf('a'));
    const preconditions = { uid: 'uid-of-a', resourceVersion: String(revision) };
    await expect(store.delete(keyOf('a'), { preconditions })).resolves.toMatchObject({ revision: revision + 1 });
  });

  it('lets the caller of a deletion look at the object and refuse', async () => {
    await store.create(keyOf('a'), podOf('a', { spec: { count: 3 } }));
    const validate = (pod: TestPod): void => {
      throw new Error(`not with ${count(pod)}`);
    };
    await expect(store.delete<TestPod>(keyOf('a'), { validate })).rejects.toThrow('not with 3');
    await expect(store.get(keyOf('a'))).resolves.toBeDefined();
  });

  it('counts objects by resource', async () => {
    await store.create(keyOf('a'), podOf('a'));
    await store.create({ resource: 'nodes', namespace: '', name: 'n' }, podOf('n'));
    await store.delete(keyOf('a'));
    expect(Object.fromEntries(store.counts())).toMatchObject({ pods: 0, nodes: 1 });
  });
}
