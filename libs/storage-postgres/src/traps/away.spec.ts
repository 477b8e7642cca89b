import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { trapSuite, type Fault } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena, type PostgresArena } from './testing/arena';
import { notifyTraps } from './testing/notify-traps';
import { readFaultTraps } from './testing/read-fault-traps';
import { writeFaultTraps } from './testing/write-fault-traps';

describe('what made other stores wrong while their database was', () => {
  const postgres = withTestPostgres({ template: migrated });
  const newArena = async (fault?: Fault): Promise<PostgresArena> =>
    newPostgresArena(await postgres.newDatabase(), fault);
  trapSuite(notifyTraps, newArena);
  trapSuite(writeFaultTraps, newArena);
  trapSuite(readFaultTraps, newArena);
});
