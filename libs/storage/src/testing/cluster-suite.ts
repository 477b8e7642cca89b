import { newSelector } from '@kubephant/api';
import type { Store } from '../store';
import { keyOf, podOf, watching, type StoreEnvironment, type TestPod } from './fixtures';

/** What holds between several processes of one cluster. */
export function clusterSuite(newEnvironment: () => Promise<StoreEnvironment>): void {
  let environment: StoreEnvironment;
  let one: Store;
  let two: Store;
  beforeEach(async () => {
    environment = await newEnvironment();
    one = await environment.open();
    two = await environment.open();
  });
  afterEach(() => environment.close());

  it('reads what another one wrote as soon as the write was answered', async () => {
    for (let i = 0; i < 20; i++) {
      await one.create(keyOf(`p${i}`), podOf(`p${i}`));
      await expect(two.get(keyOf(`p${i}`))).resolves.toMatchObject({ revision: i + 1 });
      expect((await two.list({ resource: 'pods' })).items).toHaveLength(i + 1);
    }
  });

  it('decides on the current state, however old its own copy is', async () => {
    await one.create<TestPod>(keyOf('a'), podOf('a', { spec: { count: 1 } }));
    await two.get(keyOf('a'));
    await one.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ to: { ...pod!, spec: { count: 2 } } }));
    const refused = two.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => {
      throw new Error(`seen ${pod?.spec?.count}`);
    });
    await expect(refused).rejects.toThrow('seen 2');
    await one.delete(keyOf('a'));
    await expect(two.delete(keyOf('a'))).rejects.toMatchObject({ reason: 'NotFound' });
    await one.create(keyOf('a'), podOf('a'));
    await expect(two.create(keyOf('a'), podOf('a'))).rejects.toMatchObject({ reason: 'AlreadyExists' });
    await expect(two.guaranteedUpdate(keyOf('a'), () => 'unchanged')).resolves.toMatchObject({
      stored: { revision: 4 },
    });
  });

  it('numbers all changes in commit order, and every watcher of every process sees all of them in it', async () => {
    const watches = [one, two, one, two].map((store) => watching(store, { after: 0 }));
    const writers = [one, two].flatMap((store, s) =>
      Array.from({ length: 4 }, (_, w) => ({ store, id: `w${s}-${w}` })),
    );
    await Promise.all(
      writers.map(async ({ store, id }) => {
        for (let i = 0; i < 10; i++) {
          await store.create(keyOf(`${id}-${i}`), podOf(`${id}-${i}`));
          await store.guaranteedUpdate<TestPod>(
            keyOf('shared'),
            (pod) => ({ to: podOf('shared', { spec: { count: (pod?.spec?.count ?? 0) + 1 } }) }),
            { orCreate: true },
          );
        }
      }),
    );
    const [first = [], ...others] = await Promise.all(watches.map((watch) => watch.told(160)));
    expect(first.map((line) => Number(line.split('@')[1]))).toEqual(Array.from({ length: 160 }, (_, i) => i + 1));
    for (const other of others) expect(other).toEqual(first);
    expect((await one.get<TestPod>(keyOf('shared'))).object.spec).toEqual({ count: 80 });
    expect((await Promise.all(watches.map((watch) => watch.stop()))).flat()).toEqual([]);
  });

  it('resumes watches from before its own start, with the same events', async () => {
    const app = (value: string) => ({ labels: { app: value } });
    await one.create(keyOf('a'), podOf('a', app('x')));
    await one.create(keyOf('b'), podOf('b', app('x')));
    const { revision } = one;
    const put = (pod: TestPod) => one.guaranteedUpdate<TestPod>(keyOf(pod.metadata.name), () => ({ to: pod }));
    await put(podOf('a', app('y')));
    await put(podOf('b', { ...app('x'), spec: { count: 1 } }));
    await put(podOf('a', app('x')));
    await one.delete(keyOf('b'));
    await one.guaranteedUpdate<TestPod>(keyOf('a'), (pod) => ({ remove: { ...pod!, spec: { count: 9 } } }));
    await one.create(keyOf('b'), podOf('b'));
    const restarted = await environment.open();
    const selections = [{}, { labels: newSelector([{ key: 'app', operator: '=', values: ['x'] }]) }];
    for (const [round, selection] of selections.entries()) {
      const before = watching(one, { after: revision, selection });
      const after = watching(restarted, { after: revision, selection });
      const last = `end${round}`;
      await one.create(keyOf(last), podOf(last, app('x')));
      const known: string[] = [];
      while (!known.at(-1)?.includes(last)) known.push(...(await before.told(1)));
      expect(known.length).toBeGreaterThan(4);
      expect(await after.told(known.length)).toEqual(known);
      expect((await Promise.all([before.stop(), after.stop()])).flat()).toEqual([]);
    }
    const past = await restarted.list<TestPod>({ resource: 'pods', revision, match: 'exact' });
    expect(past.items.map(({ key }) => key.name)).toEqual(['a', 'b']);
  });

  it('loses no history by starting, and has none from before a compaction', async () => {
    for (let i = 0; i < 10; i++) await one.create(keyOf(`p${i}`), podOf(`p${i}`));
    await one.compact(5);
    const restarted = await environment.open();
    const watch = watching(restarted, { after: 5 });
    expect(await watch.told(5)).toEqual([6, 7, 8, 9, 10].map((revision) => `ADDED p${revision - 1}@${revision}`));
    await watch.stop();
    await expect(watching(restarted, { after: 4 }).ended).rejects.toMatchObject({ reason: 'Expired' });
    await expect(watching(two, { after: 5 }).stop()).resolves.toBeDefined();
  });
}
