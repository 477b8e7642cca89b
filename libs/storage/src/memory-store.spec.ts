import { MemoryLog } from './memory-log';
import { newMemoryStore } from './memory-store';
import { keyOf, podOf, storeSuite, testResources } from './testing';
import { onLog } from './testing/environment';

storeSuite('the store over a log in memory', () => Promise.resolve(onLog(new MemoryLog())));

it('needs no loop when it is alone', async () => {
  const store = newMemoryStore({ resources: testResources });
  await store.create(keyOf('a'), podOf('a'));
  await expect(store.list({ resource: 'pods' })).resolves.toMatchObject({ revision: 1, items: [{ revision: 1 }] });
});
