import { silent, systemClock, type Run } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Store } from '@kubephant/storage';
import { failureOf, keyOf, podOf } from '@kubephant/storage/testing';
import { UnusableDatabase, waitForPostgresStore, type PostgresStoreConfig } from '../index';
import { openSession } from '../connection';
import { migrate } from '../migrate';
import { openRoad, type Road } from './testing/road';

describe('a database that is away', () => {
  const postgres = withTestPostgres();
  const roads: Road[] = [];
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const start = (run: Run): void => void running.push(run(stop.signal));

  afterAll(async () => {
    stop.abort();
    await Promise.all(running);
    for (const road of roads) await road.close();
  });

  async function newRoad(): Promise<{ road: Road; port: number; config: PostgresStoreConfig }> {
    const { road, port, via: connectionString } = await openRoad(await postgres.newDatabase());
    roads.push(road);
    return { road, port, config: { connectionString, log: silent, resources: [] } };
  }

  const opened = async (config: PostgresStoreConfig): Promise<Store> => {
    const { store, run } = await waitForPostgresStore(config, stop.signal);
    start(run);
    return store;
  };

  it('is waited for', async () => {
    const { road, port, config } = await newRoad();
    await road.close();
    const failed = Promise.withResolvers<undefined>();
    const opening = opened({ ...config, log: { ...silent, warn: () => failed.resolve(undefined) } });
    await failed.promise;
    await road.open(port);
    await expect((await opening).create(keyOf('a'), podOf('a'))).resolves.toMatchObject({ revision: 1 });
  });

  it('is not waited for once nobody wants it any more', async () => {
    const { road, config } = await newRoad();
    await road.close();
    roads.splice(roads.indexOf(road), 1);
    await expect(waitForPostgresStore(config, AbortSignal.abort())).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is not waited for when it can never be used', async () => {
    const { config } = await newRoad();
    const client = await openSession({ ...config, clock: systemClock, purpose: 'test', queryTimeoutMs: 5000 });
    await client.query('CREATE SCHEMA kubephant');
    await migrate(
      client,
      Array.from({ length: 1000 }, () => 'SELECT 1'),
    );
    await client.end();
    await expect(waitForPostgresStore(config, stop.signal)).rejects.toBeInstanceOf(UnusableDatabase);
  });

  it.each([
    ['falls silent', (road: Road): void => road.fallSilent()],
    ['closes its port', (road: Road): void => void road.close()],
  ])(
    'fails linearizable reads when it %s; older state is still read',
    async (_, leave) => {
      const { road, config } = await newRoad();
      const store = await opened(config);
      await store.create(keyOf('a'), podOf('a'));
      leave(road);
      const refusal = await failureOf(store.list({ resource: 'pods' }));
      expect(refusal).toMatchObject({ reason: 'ServiceUnavailable', code: 503 });
      // A client that is told to come again would go on waiting.
      expect(refusal).not.toHaveProperty('status.details.retryAfterSeconds');
      expect((await store.list({ resource: 'pods', revision: 0 })).items).toHaveLength(1);
    },
    20_000,
  );
});
