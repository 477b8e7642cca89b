import { newSelector, parseFieldSelector } from '@kubephant/api';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import type { Store, StoreEvent } from '../store';
import { keyOf, opened, podOf, told, watching, type StoreEnvironment, type TestPod } from './fixtures';

const labelled = (app: string) => ({ labels: newSelector([{ key: 'app', operator: '=', values: [app] }]) });

export function watchSuite(newEnvironment: () => Promise<StoreEnvironment>): void {
  let environment: StoreEnvironment;
  let store: Store;
  let clock: FakeClock;
  beforeEach(async () => {
    environment = await newEnvironment();
    clock = newFakeClock();
    store = await environment.open({ clock, queue: { events: 20 } });
  });
  afterEach(() => environment.close());

  const create = async (...names: string[]): Promise<void> => {
    for (const name of names) await store.create(keyOf(name), podOf(name));
  };
  const label = (name: string, app: string) =>
    store.guaranteedUpdate<TestPod>(keyOf(name), (pod) => ({
      to: { ...pod!, metadata: { ...pod!.metadata, labels: { app } } },
    }));

  it('starts with the state and goes on with changes', async () => {
    await create('b', 'a');
    const watch = watching(store);
    expect(await watch.told(2)).toEqual(['ADDED a@2', 'ADDED b@1']);
    await create('c');
    expect(await watch.told(1)).toEqual(['ADDED c@3']);
    await watch.stop();
  });

  it('tells every change after a revision, in order, with the bytes of its own revision', async () => {
    await create('a', 'b');
    const watch = watching(store, { after: 1 });
    await label('a', 'x');
    await store.delete(keyOf('b'));
    await create('b');
    expect(await watch.told(4)).toEqual(['ADDED b@2', 'MODIFIED a@3', 'DELETED b@4', 'ADDED b@5']);
    expect(await watch.stop()).toEqual([]);
  });

  it('reports the final state of a removal', async () => {
    await create('a');
    const watch = watching(store, { after: 1 });
    await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ remove: { ...pod!, spec: { count: 5 } } }));
    const [event] = await watch.take(1);
    expect(event).toMatchObject({
      type: 'DELETED',
      revision: 2,
      stored: { revision: 2, object: { spec: { count: 5 } } },
    });
    await watch.stop();
  });

  it('tells of entering a selection as ADDED and of leaving it as DELETED with the last state that matched', async () => {
    await create('a');
    const watch = watching(store, { after: 1, selection: labelled('x') });
    await label('a', 'x');
    await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ to: { ...pod!, spec: { count: 1 } } }));
    await label('a', 'y');
    await label('a', 'x');
    await store.delete(keyOf('a'));
    const events = await watch.take(5);
    expect(events.map(told)).toEqual(['ADDED a@2', 'MODIFIED a@3', 'DELETED a@4', 'ADDED a@5', 'DELETED a@6']);
    expect(events[2]).toMatchObject({ stored: { object: { metadata: { labels: { app: 'x' } } } } });
    await watch.stop();
  });

  it('sees an indexed field change on both sides', async () => {
    const onNode = (node: string) =>
      watching(store, { selection: { fields: parseFieldSelector(`spec.nodeName=${node}`) } });
    const [none, one, two] = [onNode(''), onNode('n1'), onNode('n2')];
    await create('a');
    for (const nodeName of ['n1', 'n2']) {
      await store.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ to: { ...pod!, spec: { nodeName } } }));
    }
    await store.delete(keyOf('a'));
    expect(await none.told(2)).toEqual(['ADDED a@1', 'DELETED a@2']);
    expect(await one.told(2)).toEqual(['ADDED a@2', 'DELETED a@3']);
    expect(await two.told(2)).toEqual(['ADDED a@3', 'DELETED a@4']);
    expect((await Promise.all([none, one, two].map((watch) => watch.stop()))).flat()).toEqual([]);
  });

  it('keeps to its namespace and name', async () => {
    const inOther = watching(store, { namespace: 'other' });
    const named = watching(store, { namespace: 'default', name: 'b' });
    const everywhere = watching(store, { name: 'a' });
    await create('a', 'b');
    await store.create(keyOf('a', 'other'), podOf('a'));
    expect(await inOther.told(1)).toEqual(['ADDED a@3']);
    expect(await named.told(1)).toEqual(['ADDED b@2']);
    expect(await everywhere.told(2)).toEqual(['ADDED a@1', 'ADDED a@3']);
    expect((await Promise.all([inOther, named, everywhere].map((watch) => watch.stop()))).flat()).toEqual([]);
  });

  it('gives all watchers of a change the same bytes, so that they are framed once', async () => {
    const watches = [
      watching(store),
      watching(store, { namespace: 'default' }),
      watching(store, { selection: labelled('x') }),
    ];
    await store.create(keyOf('a'), podOf('a', { labels: { app: 'x' } }));
    const events = (await Promise.all(watches.map((watch) => watch.take(1)))).flat();
    const bytes = events.map((event) => event.type === 'ADDED' && event.stored);
    expect(new Set(bytes).size).toBe(1);
    await Promise.all(watches.map((watch) => watch.stop()));
  });

  it('marks the end of the initial events, and bookmarks every minute behind the events', async () => {
    await create('a');
    const watch = watching(store, { initialEvents: true, bookmarks: true });
    expect(await watch.told(2)).toEqual(['ADDED a@1', 'BOOKMARK@1 end']);
    await store.create({ ...keyOf('n'), resource: 'nodes' }, podOf('n'));
    await clock.advance(60_000);
    expect(await watch.told(1)).toEqual(['BOOKMARK@2']);
    await create('b');
    await clock.advance(60_000);
    expect(await watch.told(2)).toEqual(['ADDED b@3', 'BOOKMARK@3']);
    expect(await watch.stop()).toEqual([]);
  });

  it('has a last bookmark two seconds before its end, and none after it', async () => {
    await create('a');
    const watch = watching(store, { after: 1, bookmarks: true, lastsMs: 70_000 });
    for (const seconds of [60, 8, 2]) await clock.advance(seconds * 1000);
    expect((await watch.stop()).map(told)).toEqual(['BOOKMARK@1', 'BOOKMARK@1']);
  });

  it('does not keep whoever gives up before it has begun', async () => {
    await expect(watching(store, { after: 99 }).stop()).resolves.toEqual([]);
  });

  it('sends no bookmark that was not asked for', async () => {
    await create('a');
    const watch = watching(store, { initialEvents: true });
    expect(await watch.told(1)).toEqual(['ADDED a@1']);
    await clock.advance(120_000);
    expect(await watch.stop()).toEqual([]);
  });

  it('never lets a bookmark overtake an event', async () => {
    const stop = new AbortController();
    const events = opened(store.watch({ resource: 'pods', bookmarks: true, initialEvents: true }, stop.signal));
    await events.next();
    await create('a');
    await clock.advance(60_000);
    await create('b');
    const { value } = (await events.next()) as IteratorYieldResult<readonly StoreEvent[]>;
    expect(value.map(told)).toEqual(['ADDED a@1', 'BOOKMARK@1', 'ADDED b@2']);
    stop.abort();
    await events.return?.();
  });

  it('works at the compacted revision and throws Expired before it, before any event', async () => {
    await create('a', 'b', 'c', 'd');
    await store.compact(3);
    const at = watching(store, { after: 3 });
    expect(await at.told(1)).toEqual(['ADDED d@4']);
    await at.stop();
    const before = opened(store.watch({ resource: 'pods', after: 2 }, new AbortController().signal));
    await expect(before.next()).rejects.toMatchObject({
      reason: 'Expired',
      code: 410,
      message: 'too old resource version: 2 (3)',
    });
  });

  it('waits for a state that is about to come, and gives up after 3 seconds', async () => {
    await create('a');
    const soon = watching(store, { initialEvents: true, after: 2 });
    await create('b');
    expect(await soon.told(2)).toEqual(['ADDED a@1', 'ADDED b@2']);
    await soon.stop();
    const never = watching(store, { initialEvents: true, after: 99 });
    await clock.advance(3000);
    await expect(never.ended).rejects.toMatchObject({ reason: 'Timeout' });
  });

  it('starts after a revision that is about to come, and not before it', async () => {
    await create('a');
    const watch = watching(store, { after: 2 });
    await create('b', 'c');
    expect(await watch.told(1)).toEqual(['ADDED c@3']);
    await watch.stop();
    const never = watching(store, { after: 99 });
    await clock.advance(3000);
    await expect(never.ended).rejects.toMatchObject({ reason: 'Timeout', code: 504 });
  });

  it('refuses a negative revision', async () => {
    await expect(watching(store, { after: -1 }).ended).rejects.toMatchObject({ reason: 'BadRequest' });
  });

  it('ends a reader that is too slow with Expired, and none but that', async () => {
    const stop = new AbortController();
    const slow = opened(store.watch({ resource: 'pods', bookmarks: true, initialEvents: true }, stop.signal));
    await slow.next();
    const quick = watching(store);
    for (let i = 0; i < 30; i++) {
      await create(`p${i}`);
      expect(await quick.told(1)).toEqual([`ADDED p${i}@${i + 1}`]);
    }
    await expect(slow.next()).rejects.toMatchObject({ reason: 'Expired' });
    await quick.stop();
  });

  it('counts the bytes that wait for a reader too', async () => {
    const large = await environment.open({ clock, queue: { bytes: 10_000 } });
    const slow = opened(
      large.watch({ resource: 'pods', bookmarks: true, initialEvents: true }, new AbortController().signal),
    );
    await slow.next();
    for (let i = 0; i < 3; i++)
      await large.create(keyOf(`p${i}`), podOf(`p${i}`, { data: { text: 'x'.repeat(4000) } }));
    await expect(slow.next()).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('does not hold a long history against the reader that asked for it', async () => {
    for (let i = 0; i < 30; i++) await create(`p${i}`);
    const late = opened(store.watch({ resource: 'pods', after: 1 }, new AbortController().signal));
    expect((await late.next()).value).toHaveLength(29);
    await late.return?.();
  });

  it('ends without an error when it is told to, whether waiting or not', async () => {
    const waiting = watching(store);
    await expect(waiting.stop()).resolves.toEqual([]);
    const stopped = AbortSignal.abort();
    for await (const _ of store.watch({ resource: 'pods' }, stopped)) throw new Error('an event after the end');
  });

  it('misses nothing between a list and the watch from its revision', async () => {
    const writing = (async () => {
      for (let i = 0; i < 60; i++) await create(`p${i}`);
    })();
    const seen = new Set<string>();
    for (let round = 0; round < 5; round++) {
      await create(`r${round}`);
      const { items, revision } = await store.list({ resource: 'pods' });
      for (const { key } of items) seen.add(key.name);
      const watch = watching(store, { after: revision });
      await create(`w${round}`);
      let last = { name: '', revision };
      while (last.name !== `w${round}`) {
        const [event] = await watch.take(1);
        if (!event || event.type === 'BOOKMARK') continue;
        expect(event.revision).toBeGreaterThan(last.revision);
        last = { name: event.stored.key.name, revision: event.revision };
        seen.add(last.name);
      }
      await watch.stop();
      const then = await store.list({ resource: 'pods', revision: last.revision, match: 'exact' });
      expect([...seen].sort()).toEqual(then.items.map(({ key }) => key.name));
    }
    await writing;
  });
}
