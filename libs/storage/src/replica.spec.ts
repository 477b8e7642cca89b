import { silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { openCachedStore } from './cached-store';
import { MemoryLog } from './memory-log';
import { SharedQuestion } from './shared-question';
import { keyOf, podOf, testResources, until, watching, type StoreEnvironment } from './testing';
import { onLog } from './testing/environment';

describe('following a log', () => {
  let environment: StoreEnvironment | undefined;
  afterEach(async () => {
    jest.restoreAllMocks();
    await environment?.close();
    environment = undefined;
  });

  it('starts over when the log has forgotten what was not read yet, and says so to watchers', async () => {
    const log = new MemoryLog();
    environment = onLog(log);
    const writer = await environment.open();
    const behind = await openCachedStore(log, { resources: testResources });
    const watch = watching(behind.store, { after: 0, initialEvents: true, bookmarks: true });
    watch.ended.catch(() => undefined);
    await watching(behind.store, { after: 0 }).stop();
    for (const name of ['a', 'b', 'c']) await writer.create(keyOf(name), podOf(name));
    await writer.compact(2);
    const stop = new AbortController();
    const running = behind.run(stop.signal);
    await until(() => behind.store.revision === 3);
    await expect(watch.ended).rejects.toMatchObject({ reason: 'Expired' });
    expect((await behind.store.list({ resource: 'pods' })).items).toHaveLength(3);
    stop.abort();
    await running;
  });

  it('keeps trying while the log cannot be read', async () => {
    const log = new MemoryLog();
    const clock = newFakeClock();
    environment = onLog(log);
    const writer = await environment.open();
    const { store, run } = await openCachedStore(log, { resources: testResources, clock, log: silent });
    const read = jest.spyOn(log, 'read').mockRejectedValue(new Error('no route to host'));
    const stop = new AbortController();
    const running = run(stop.signal);
    await writer.create(keyOf('a'), podOf('a'));
    for (let i = 0; i < 10; i++) await clock.advance(2000);
    expect(store.revision).toBe(0);
    read.mockRestore();
    await clock.advance(2000);
    expect(store.revision).toBe(1);
    stop.abort();
    await running;
  });

  it('asks for less of a log that cannot give as much at once as before', async () => {
    const log = new MemoryLog();
    const clock = newFakeClock();
    const { store: writer } = await openCachedStore(log, { resources: testResources });
    const { store, run } = await openCachedStore(log, { resources: testResources, clock, log: silent });
    for (let i = 0; i < 100; i++) await writer.create(keyOf(`a${i}`), podOf(`a${i}`));
    await store.compact(0);
    const read = log.read.bind(log);
    jest.spyOn(log, 'read').mockImplementation(async (after, limit, upTo) => {
      if (limit > 16) throw new Error('Query read timeout');
      return await read(after, limit, upTo);
    });
    await writer.create(keyOf('b'), podOf('b'));
    const stop = new AbortController();
    const running = run(stop.signal);
    for (let i = 0; i < 10; i++) await clock.advance(2000);
    expect(store.revision).toBe(101);
    stop.abort();
    await running;
  });

  it('serves nothing that the log has lost, even to a reader who comes before that was noticed', async () => {
    const log = new MemoryLog();
    const { store } = await openCachedStore(log, { resources: testResources });
    await store.create(keyOf('a'), podOf('a'));
    await store.create(keyOf('lost'), podOf('lost'));
    const restored = new MemoryLog();
    const { store: other } = await openCachedStore(restored, { resources: testResources });
    await other.create(keyOf('a'), podOf('a'));
    for (const method of ['currentRevision', 'read', 'snapshot', 'skipPast', 'commit'] as const)
      jest.spyOn(log, method).mockImplementation(restored[method].bind(restored) as never);
    await expect(store.get(keyOf('lost'))).rejects.toMatchObject({ reason: 'NotFound' });
    await expect(store.get(keyOf('a'))).resolves.toMatchObject({ revision: 1 });
    await expect(watching(store, { after: 2 }).ended).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('still answers a write whose batch another process has put behind unreadable news', async () => {
    const log = new MemoryLog();
    environment = onLog(log);
    const one = await environment.open();
    await one.create(keyOf('old'), podOf('old'));
    const { store: two } = await openCachedStore(log, { resources: testResources });
    await one.create(keyOf('a'), podOf('a'));
    jest.spyOn(log, 'read').mockRejectedValue(new Error('no route to host'));
    await expect(two.create(keyOf('b'), podOf('b'))).resolves.toMatchObject({
      revision: 3,
      object: { metadata: { name: 'b', resourceVersion: '3' } },
    });
    await expect(two.delete(keyOf('old'))).resolves.toMatchObject({
      revision: 4,
      object: { metadata: { name: 'old', resourceVersion: '4' } },
    });
  });

  it('reads on after it has started over with writes of its own that were ahead', async () => {
    const log = new MemoryLog();
    const { store: other } = await openCachedStore(log, { resources: testResources });
    const { store: behind } = await openCachedStore(log, { resources: testResources });
    await other.create(keyOf('a'), podOf('a'));
    await behind.create(keyOf('b'), podOf('b'));
    await behind.compact(2);
    await other.compact(2);
    await other.create(keyOf('c'), podOf('c'));
    await behind.compact(2);
    expect(behind.revision).toBe(3);
  });

  it('does not stop at an object that an extractor cannot read', async () => {
    const fields = (): Record<string, string> => {
      throw new TypeError('spec is undefined');
    };
    const { store } = await openCachedStore(new MemoryLog(), { resources: [{ resource: 'pods', fields }] });
    await store.create(keyOf('a'), podOf('a'));
    expect((await store.list({ resource: 'pods' })).items).toHaveLength(1);
  });
});

describe('a shared question', () => {
  it('is asked once for all who come while one is on its way, and after they came', async () => {
    const answers: PromiseWithResolvers<number>[] = [];
    const question = new SharedQuestion(() => {
      const answer = Promise.withResolvers<number>();
      answers.push(answer);
      return answer.promise;
    });
    const first = question.answer();
    const later = [question.answer(), question.answer()];
    expect(answers).toHaveLength(1);
    answers[0]?.resolve(1);
    expect(await first).toBe(1);
    await until(() => answers.length === 2);
    answers[1]?.resolve(2);
    expect(await Promise.all(later)).toEqual([2, 2]);
  });

  it('is asked one at a time, also by who comes right after an answer', async () => {
    let [running, most] = [0, 0];
    const question = new SharedQuestion(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => setImmediate(resolve));
      running--;
    });
    const keepAsking = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await question.answer();
    };
    await Promise.all([keepAsking(), keepAsking(), keepAsking()]);
    expect(most).toBe(1);
  });
});
