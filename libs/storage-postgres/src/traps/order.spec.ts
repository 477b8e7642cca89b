import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { holdingSuite, storeTraps, trapSuite, type Fault } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena, type PostgresArena } from './testing/arena';
import { orderTraps } from './testing/order-traps';

describe('what made other stores on SQL lose order', () => {
  const postgres = withTestPostgres({ template: migrated });
  const newArena = async (fault?: Fault): Promise<PostgresArena> =>
    newPostgresArena(await postgres.newDatabase(), fault);
  trapSuite(orderTraps, newArena);
  holdingSuite(storeTraps, newArena);
});
