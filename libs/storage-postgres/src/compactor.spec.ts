import { silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { runCompactor } from './compactor';

describe('the compactor', () => {
  it('ends on its signal, also while it waits for a database that is away', async () => {
    const clock = newFakeClock();
    const stop = new AbortController();
    const tried = Promise.withResolvers<undefined>();
    const log = { ...silent, warn: () => tried.resolve(undefined) };
    const connectionString = 'postgresql://nobody@127.0.0.1:1/none';
    const running = runCompactor({ connectionString, clock, log, historyMs: 60_000 }, stop.signal);
    await tried.promise;
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
