import { silent } from '@kubephant/base';
import { keyOf, podOf, trapSuite, type Fault } from '@kubephant/storage/testing';
import { openPostgresStore, waitForPostgresStore } from '../index';
import { newPostgresArena } from './testing/arena';
import { newSeed, Pair } from './testing/pair';
import { standbyTraps, type PairArena } from './testing/standby-traps';

describe('a primary with a standby', () => {
  let seed: Awaited<ReturnType<typeof newSeed>>;
  beforeAll(async () => {
    seed = await newSeed();
  }, 60_000);
  afterAll(() => seed.remove());

  trapSuite(standbyTraps, async (fault?: Fault): Promise<PairArena> => {
    const pair = await Pair.of(seed.dir);
    const arena = await newPostgresArena(pair.primary, fault);
    const close = async (): Promise<void> => {
      await arena.close();
      await pair.close();
    };
    return { ...arena, pair, close };
  });

  it('is waited for until the standby is promoted, if that is the server one was told', async () => {
    const pair = await Pair.of(seed.dir);
    const stop = new AbortController();
    const refused = Promise.withResolvers<string>();
    const warn = (_: string, context?: object): void => refused.resolve(JSON.stringify(context));
    const config = { connectionString: pair.standby, resources: [], log: { ...silent, warn } };
    await expect(openPostgresStore(config)).rejects.toThrow('this PostgreSQL is a standby');
    const opening = waitForPostgresStore(config, stop.signal);
    expect(await refused.promise).toContain('is a standby');
    await pair.promote();
    const { store, run } = await opening;
    const running = run(stop.signal);
    await expect(store.create(keyOf('a'), podOf('a'))).resolves.toMatchObject({ key: keyOf('a') });
    stop.abort();
    await running;
    await pair.close();
  }, 60_000);
});
