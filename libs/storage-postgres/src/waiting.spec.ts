import { silent } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { Client } from 'pg';
import { waitForPostgresStore } from './index';
import { migrate } from './migrate';

describe('waiting for a store', () => {
  const postgres = withTestPostgres();

  it('goes on when the database goes away while the state is being read', async () => {
    const connectionString = await postgres.newDatabase();
    const admin = new Client({ connectionString });
    await admin.connect();
    await admin.query('CREATE SCHEMA kubephant; SET search_path = kubephant');
    await migrate(admin);
    await admin.query(`
      INSERT INTO objects (resource, namespace, name, created_revision, revision, data)
      SELECT 'pods', 'default', 'p' || n, n, n, '{"kind":"Pod","apiVersion":"v1","metadata":{}}'
      FROM generate_series(1, 50000) n;
      UPDATE revision SET latest = 50000, compacted = 50000`);
    const opening = waitForPostgresStore(
      { connectionString, resources: [], log: silent },
      new AbortController().signal,
    );
    const ended = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE application_name = 'kubephant snapshot' AND datname = current_database() AND query LIKE 'FETCH%'`;
    while ((await admin.query(ended)).rowCount === 0);
    const { store, run } = await opening;
    expect(store.counts().get('pods')).toBe(50_000);
    await run(AbortSignal.abort());
    await admin.end();
  }, 30_000);
});
