import { silent } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { newEnvironment, storeSuite } from '@kubephant/storage/testing';
import { openPostgresStore } from './index';
import { migrated } from './testing';

describe('PostgreSQL', () => {
  const postgres = withTestPostgres({ template: migrated });
  storeSuite('the store over a log in PostgreSQL', async () => {
    const connectionString = await postgres.newDatabase();
    return newEnvironment((config) => openPostgresStore({ log: silent, ...config, connectionString }));
  });
});
