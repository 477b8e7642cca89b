import { silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { persistently } from './persistently';

describe('a persistent loop', () => {
  const clock = newFakeClock();
  const start = (run: () => Promise<void>, signal: AbortSignal) =>
    persistently('work', run, { clock, log: silent })(signal);

  it('begins again when it fails, and ends when it is done', async () => {
    const run = jest.fn<Promise<void>, []>().mockRejectedValueOnce(new Error('away')).mockResolvedValue();
    const done = start(run, new AbortController().signal);
    await clock.advance(300);
    await done;
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('does not when it was told to stop', async () => {
    const stop = new AbortController();
    const run = jest.fn(async () => {
      stop.abort();
      throw new Error('stopped');
    });
    await start(run, stop.signal);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
