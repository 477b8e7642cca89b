import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { keyOf } from '@kubephant/storage/testing';
import { PostgresLog } from './index';
import { migrated } from './testing';

describe('the log in PostgreSQL', () => {
  const postgres = withTestPostgres({ template: migrated });

  it('is followed while many ask for its past', async () => {
    const connectionString = await postgres.newDatabase();
    const log = new PostgresLog({ connectionString, clock: systemClock, log: silent, historyMs: 60_000 });
    const value = `{"kind":"Pod","apiVersion":"v1","metadata":{},"data":"${'x'.repeat(1000)}"}`;
    const keys = Array.from({ length: 400 }, (_, i) => keyOf(`p${i}`));
    await log.commit(
      keys.map((key) => ({ key, expected: 0, value })),
      0,
    );
    await log.commit(
      keys.map((key, i) => ({ key, expected: i + 1, value })),
      400,
    );
    await log.read(0, 1);
    let answered = 0;
    const pasts = Array.from({ length: 100 }, async () => {
      const records = await log.between('pods', 400, 800);
      answered++;
      return records?.length;
    });
    await log.read(0, 1);
    expect(answered).toBeLessThan(pasts.length);
    expect(new Set(await Promise.all(pasts))).toEqual(new Set([400]));
    await log.close();
  });
});
