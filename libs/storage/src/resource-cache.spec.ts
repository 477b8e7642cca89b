import { newCachedStore, openCachedStore } from './cached-store';
import { MemoryLog } from './memory-log';
import type { ResourceFields } from './store';
import { keyOf, podOf, testResources, watching } from './testing';

const config = { resources: testResources };

/** A log in which an object was deleted at revision 3, and the newest object there is has revision 1. */
async function withDeletion(): Promise<MemoryLog> {
  const log = new MemoryLog();
  const { store } = await openCachedStore(log, config);
  for (const name of ['a', 'b']) await store.create(keyOf(name), podOf(name));
  await store.delete(keyOf('b'));
  return log;
}

describe('the past of a resource, after a restart', () => {
  it('is not taken for its present when what was deleted since is forgotten', async () => {
    const log = await withDeletion();
    await log.compact(3);
    const { store } = await openCachedStore(log, config);
    await expect(store.list({ resource: 'pods', revision: 2, match: 'exact' })).rejects.toMatchObject({
      reason: 'Expired',
    });
  });

  it('is read from the log when memory does not reach as far back as what was deleted since', async () => {
    const log = await withDeletion();
    const { store } = await openCachedStore(log, { ...config, history: { changes: 0, bytes: 1000 } });
    const { items } = await store.list({ resource: 'pods', revision: 2, match: 'exact' });
    expect(items.map(({ key }) => key.name)).toEqual(['a', 'b']);
  });
});

describe('the past of a resource that does not change', () => {
  it('is forgotten like any other', async () => {
    const { store } = await openCachedStore(new MemoryLog(), config);
    for (const name of ['a', 'b']) await store.create(keyOf(name), podOf(name));
    const page = await store.list({ resource: 'pods', limit: 1 });
    for (const name of ['x', 'y']) await store.create({ ...keyOf(name), resource: 'configmaps' }, podOf(name));
    await store.compact(2);
    expect((await store.list({ resource: 'pods', limit: 1, continue: page.continue! })).items).toHaveLength(1);
    await store.compact(3);
    const gone = await store
      .list({ resource: 'pods', limit: 1, continue: page.continue! })
      .catch((err: unknown) => err);
    expect(gone).toMatchObject({ reason: 'Expired', status: { metadata: { continue: expect.any(String) as string } } });
  });
});

describe('a history whose older part was dropped while the state was being read', () => {
  afterEach(() => jest.restoreAllMocks());

  it('begins where it is complete', async () => {
    const log = await withDeletion();
    const snapshot = log.snapshot.bind(log);
    jest
      .spyOn(log, 'snapshot')
      .mockImplementation((use) => snapshot(({ history, ...rest }) => use({ ...rest, history: after(1, history) })));
    const { store } = await openCachedStore(log, config);
    const watch = watching(store, { after: 1 });
    expect(await watch.told(2)).toEqual(['ADDED b@2', 'DELETED b@3']);
    await watch.stop();
    jest
      .spyOn(log, 'snapshot')
      .mockImplementation((use) => snapshot(({ history, ...rest }) => use({ ...rest, history: after(2, history) })));
    const { store: late } = await openCachedStore(log, config);
    await expect(watching(late, { after: 1 }).take(1)).rejects.toMatchObject({ reason: 'Expired' });
  });
});

async function* after<T extends { readonly revision: number }>(
  revision: number,
  history: AsyncIterable<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  for await (const page of history) yield page.filter((record) => record.revision > revision);
}

describe('a resource that is defined at run time', () => {
  afterEach(() => jest.restoreAllMocks());

  const onNode = (nodeName: string) => ({
    fields: [{ path: 'spec.nodeName', operator: '=' as const, value: nodeName }],
  });
  const [fields] = testResources as [ResourceFields];

  it('has its fields in its history too', async () => {
    const log = new MemoryLog();
    const { store: writer } = await openCachedStore(log, config);
    await writer.create(keyOf('a'), podOf('a', { spec: { nodeName: 'one' } }));
    await writer.guaranteedUpdate(keyOf('a'), () => ({ to: podOf('a', { spec: { nodeName: 'two' } }) }));
    await writer.delete(keyOf('a'));
    const { store } = await openCachedStore(log, { resources: [] });
    store.define(fields);
    const watch = watching(store, { after: 1, selection: onNode('one') });
    expect(await watch.told(1)).toEqual(['DELETED a@2']);
    await watch.stop();
    const other = watching(store, { after: 1, selection: onNode('two') });
    expect(await other.told(2)).toEqual(['ADDED a@2', 'DELETED a@3']);
    await other.stop();
  });

  it('has them in the states that pages come from', async () => {
    const { store } = await openCachedStore(new MemoryLog(), { resources: [] });
    for (const name of ['a', 'b']) await store.create(keyOf(name), podOf(name, { spec: { nodeName: 'one' } }));
    await store.list({ resource: 'pods', limit: 1 });
    store.define(fields);
    const { items } = await store.list({
      ...{ resource: 'pods', revision: 2, match: 'exact' },
      selection: onNode('one'),
    });
    expect(items).toHaveLength(2);
  });

  it('has them in what was on its way meanwhile', async () => {
    const log = new MemoryLog();
    const { store } = await openCachedStore(log, { resources: [] });
    const answer = Promise.withResolvers<undefined>();
    const commit = log.commit.bind(log);
    const asked = Promise.withResolvers<undefined>();
    jest.spyOn(log, 'commit').mockImplementation(async (...batch) => {
      asked.resolve(undefined);
      await answer.promise;
      return await commit(...batch);
    });
    const writing = store.create(keyOf('a'), podOf('a', { spec: { nodeName: 'one' } }));
    await asked.promise;
    store.define(fields);
    answer.resolve(undefined);
    await writing;
    expect((await store.list({ resource: 'pods', selection: onNode('one') })).items).toHaveLength(1);
  });

  it('has them when the state was being read meanwhile', async () => {
    const log = new MemoryLog();
    const { store: writer } = await openCachedStore(log, config);
    await writer.create(keyOf('a'), podOf('a', { spec: { nodeName: 'one' } }));
    const { store, load } = newCachedStore(log, { resources: [] });
    const snapshot = log.snapshot.bind(log);
    jest.spyOn(log, 'snapshot').mockImplementation(async (use) => {
      const used = await snapshot(use);
      store.define(fields);
      return used;
    });
    await load();
    expect((await store.list({ resource: 'pods', selection: onNode('one') })).items).toHaveLength(1);
  });
});
