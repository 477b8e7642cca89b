import { openCachedStore } from './cached-store';
import { MemoryLog } from './memory-log';
import { keyOf, podOf, testResources } from './testing';

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
