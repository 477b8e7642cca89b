import { expired, type KubeObject } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
import { newMemoryStore, type Store, type StoreEvent } from '@kubephant/storage';
import { newView } from './view';

const object = (name: string, data = ''): KubeObject & { data: string } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'ns', uid: name, resourceVersion: '' },
  data,
});
const key = (name: string) => ({ resource: 'configmaps', namespace: 'ns', name });
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

describe('a view', () => {
  it('has what is there, and follows changes in order', async () => {
    const clock = newFakeClock();
    const store = newMemoryStore({ resources: [], clock });
    await store.create(key('a'), object('a'));
    const view = newView(store, 'configmaps', clock);
    const seen: string[] = [];
    view.onChange((before, after) => seen.push(`${before?.metadata.name ?? '-'}>${after?.metadata.name ?? '-'}`));
    const stop = new AbortController();
    const running = view.run(stop.signal);
    await until(() => view.synced);
    await store.create(key('b'), object('b'));
    await store.delete(key('a'));
    await until(() => seen.length === 3);
    expect(seen).toEqual(['->a', '->b', 'a>-']);
    expect([...view.values()].map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(view.get({ namespace: 'ns', name: 'b' })?.metadata.uid).toBe('b');
    stop.abort();
    await running;
  });

  it('starts over when its watch expires, and forgets what is gone meanwhile', async () => {
    const clock = newFakeClock();
    const added = (name: string): StoreEvent => ({
      type: 'ADDED',
      revision: 1,
      stored: { key: key(name), revision: 1, createdRevision: 1, json: Buffer.alloc(0), object: object(name) },
    });
    const end: StoreEvent = { type: 'BOOKMARK', revision: 1, initialEventsEnd: true };
    const rounds = [
      [added('a'), added('b'), end],
      [added('b'), end],
    ];
    const store = {
      async *watch() {
        const round = rounds.shift();
        if (!round) return;
        yield round;
        throw expired('too old');
      },
    } as unknown as Store;
    const view = newView(store, 'configmaps', clock);
    const stop = new AbortController();
    const running = view.run(stop.signal);
    await until(() => clock.sleepers === 1);
    expect([...view.values()]).toHaveLength(2);
    await clock.advance(1000);
    expect([...view.values()].map(({ metadata }) => metadata.name)).toEqual(['b']);
    stop.abort();
    await running;
  });
});
