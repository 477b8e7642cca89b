import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { trapSuite, type Fault } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena } from './testing/arena';
import { startPooler } from './testing/pooler';
import { poolerTraps, type PoolerArena } from './testing/pooler-traps';

describe('a pooler before the database', () => {
  const postgres = withTestPostgres({ template: migrated });

  trapSuite(poolerTraps, async (fault?: Fault): Promise<PoolerArena> => {
    const database = await postgres.newDatabase();
    const pooler = await startPooler(database);
    const arena = await newPostgresArena(database, fault);
    const close = async (): Promise<void> => {
      await arena.close();
      await pooler.stop();
    };
    return { ...arena, pooled: pooler.through(database), close };
  });
});
