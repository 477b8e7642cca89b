import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { trapSuite, type Fault } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena, type PostgresArena } from './testing/arena';
import { valueTraps } from './testing/value-traps';

/** As an operator would make it who thinks of people's names. */
const english = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'";

describe('text and numbers', () => {
  const postgres = withTestPostgres();
  let databases = 0;
  trapSuite(valueTraps, async (fault?: Fault): Promise<PostgresArena> => {
    const name = `english${++databases}`;
    await postgres.query(`CREATE DATABASE ${name} ${english}`);
    const url = new URL(postgres.server.connectionString);
    url.pathname = name;
    await migrated(url.toString());
    return await newPostgresArena(url.toString(), fault);
  });
});
