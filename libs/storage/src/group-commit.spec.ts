import { StatusError } from '@kubephant/api';
import { GroupCommit } from './group-commit';
import type { BatchResult, Mutation } from './log';

const mutation = (name: string, expected = 0, value: string | null = '{}'): Mutation => ({
  key: { resource: 'pods', namespace: 'default', name },
  expected,
  ...(value !== null && { value }),
});

/** A log that answers when it is told to. */
function newSlowLog() {
  const batches: string[][] = [];
  const pending: PromiseWithResolvers<BatchResult>[] = [];
  return {
    batches,
    commit: (batch: readonly Mutation[]): Promise<BatchResult> => {
      batches.push(batch.map(({ key }) => key.name));
      const answer = Promise.withResolvers<BatchResult>();
      pending.push(answer);
      return answer.promise;
    },
    async answer(base: number, ...won: boolean[]): Promise<void> {
      pending.shift()?.resolve({ base, won });
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
    async fail(error: Error): Promise<void> {
      pending.shift()?.reject(error);
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('sends a lone write at once, and what comes meanwhile together', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const first = commits.add(mutation('a'));
    await settle();
    const others = ['b', 'c', 'd'].map((name) => commits.add(mutation(name)));
    await log.answer(7, true);
    expect(log.batches).toEqual([['a'], ['b', 'c', 'd']]);
    await log.answer(8, true, false, true);
    expect(await Promise.all([first, ...others])).toEqual([
      { revision: 8, seen: 8 },
      { revision: 9, seen: 9 },
      { seen: 8 },
      { revision: 10, seen: 10 },
    ]);
  });

  it('takes one mutation of a key at a time, in the order they came', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const all = [mutation('a'), mutation('a', 1), mutation('b')].map((each) => commits.add(each));
    await settle();
    expect(log.batches).toEqual([['a', 'b']]);
    await log.answer(0, true, true);
    expect(log.batches).toEqual([['a', 'b'], ['a']]);
    await log.answer(2, true);
    expect((await Promise.all(all)).map(({ revision }) => revision)).toEqual([1, 3, 2]);
  });

  it('answers those itself whose expectation a batch has disproved, but not a creation after a removal', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const removal = commits.add(mutation('a', 5, null));
    const [update, creation] = [commits.add(mutation('a', 5)), commits.add(mutation('a', 0))];
    await settle();
    await log.answer(9, true);
    expect(log.batches).toEqual([['a'], ['a']]);
    await log.answer(10, true);
    expect(await Promise.all([removal, update, creation])).toEqual([
      { revision: 10, seen: 10 },
      { seen: 10 },
      { revision: 11, seen: 11 },
    ]);
  });

  it('asks the log for those who came when a batch was on its way: others may have written after it', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const first = commits.add(mutation('a'));
    await settle();
    const second = commits.add(mutation('a'));
    await log.answer(7, true);
    expect(log.batches).toEqual([['a'], ['a']]);
    await log.answer(9, true);
    expect(await Promise.all([first, second])).toMatchObject([{ revision: 8 }, { revision: 10 }]);
  });

  it('fails the writers of a batch that failed, and goes on with the next', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const lost = commits.add(mutation('a'));
    await settle();
    const next = commits.add(mutation('b'));
    lost.catch(() => undefined);
    await log.fail(new Error('no disk'));
    await expect(lost).rejects.toThrow('no disk');
    await log.answer(1, true);
    await expect(next).resolves.toMatchObject({ revision: 2 });
  });

  it('tries those one by one that came in a batch that was refused', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const [good, bad] = [commits.add(mutation('good')), commits.add(mutation('bad'))];
    await settle();
    bad.catch(() => undefined);
    await log.fail(new Error('invalid byte'));
    await log.answer(0, true);
    await log.fail(new Error('invalid byte'));
    expect(log.batches).toEqual([['good', 'bad'], ['good'], ['bad']]);
    await expect(good).resolves.toMatchObject({ revision: 1 });
    await expect(bad).rejects.toThrow('invalid byte');
  });

  it.each(['Timeout', 'ServiceUnavailable'] as const)('never repeats a batch that ended in %s', async (reason) => {
    const log = newSlowLog();
    const commits = new GroupCommit(log);
    const both = Promise.allSettled(['a', 'b'].map((name) => commits.add(mutation(name))));
    await settle();
    await log.fail(new StatusError(reason, 'gone'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(log.batches).toEqual([['a', 'b']]);
  });

  it('keeps batches within their limits', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit({ commit: log.commit, maxBatch: 2, maxBytes: 10 });
    const adds = ['a', 'b', 'c'].map((name) => commits.add(mutation(name)));
    adds.push(commits.add(mutation('d', 0, 'x'.repeat(20))), commits.add(mutation('e')));
    await settle();
    for (const base of [0, 2, 4, 5]) await log.answer(base, true, true);
    await Promise.all(adds);
    expect(log.batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('counts what removals report', async () => {
    const log = newSlowLog();
    const commits = new GroupCommit({ commit: log.commit, maxBytes: 10 });
    const removals = ['a', 'b', 'c'].map((name) => commits.add({ ...mutation(name, 1, null), final: 'x'.repeat(8) }));
    await settle();
    await log.answer(1, true, true);
    await log.answer(3, true);
    await Promise.all(removals);
    expect(log.batches).toEqual([['a', 'b'], ['c']]);
  });
});
