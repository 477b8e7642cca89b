import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { trapSuite, watching, keyOf, podOf, type Fault } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena, type PostgresArena } from './testing/arena';
import { historyTraps } from './testing/history-traps';
import { loopTraps, withInformer, type LoopArena, type LoopFault } from './testing/loop-traps';

describe('history', () => {
  const postgres = withTestPostgres({ template: migrated });
  const newArena = async (fault?: Fault): Promise<PostgresArena> =>
    newPostgresArena(await postgres.newDatabase(), fault);

  trapSuite(historyTraps, newArena);
  trapSuite(loopTraps, async (fault): Promise<LoopArena> => {
    const { follow = withInformer } = (fault ?? {}) as Partial<LoopFault>;
    return { ...(await newArena(fault)), follow };
  });

  it('is forgotten by time, and old watches are told, and the state is not', async () => {
    const { open, admin, eventually, close } = await newArena();
    const store = await open({ historyMs: 100 });
    for (const name of ['a', 'b', 'c']) await store.create(keyOf(name), podOf(name));
    await eventually(async () => (await admin.number('SELECT compacted FROM revision')) === 3, 'nothing is compacted');
    const restarted = await open();
    expect((await restarted.list({ resource: 'pods' })).items).toHaveLength(3);
    await expect(watching(restarted, { after: 2 }).ended).rejects.toMatchObject({ reason: 'Expired' });
    const watch = watching(restarted, { after: 3 });
    await store.create(keyOf('d'), podOf('d'));
    expect(await watch.told(1)).toEqual(['ADDED d@4']);
    await watch.stop();
    await close();
  });

  it('is dropped by partitions once they are compacted as a whole', async () => {
    const { open, admin, eventually, close } = await newArena();
    const store = await open({ historyMs: 100 });
    await store.create(keyOf('a'), podOf('a'));
    await admin.sql('SELECT lock_revision(), extend_log(0, 10)');
    const latest = await admin.number(
      'UPDATE revision SET latest = (SELECT min(past_last) FROM log_partition), compacted = 1 RETURNING latest',
    );
    const oldest = () => admin.number('SELECT min(first) FROM log_partition');
    await eventually(async () => (await oldest()) > 1, 'nothing is dropped');
    expect(await admin.sql("SELECT to_regclass('log_1') AS gone")).toEqual([{ gone: null }]);
    await expect(store.create(keyOf('b'), podOf('b'))).resolves.toMatchObject({ revision: latest + 1 });
    await close();
  });
});
