import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Client } from 'pg';
import { Connection } from './connection';

interface Wire {
  readonly connection: { emit(event: 'error', err: Error): boolean };
}

describe('a connection', () => {
  const postgres = withTestPostgres();

  it('sends on a new session what comes after the old one broke and before it has ended', async () => {
    let client: Client | undefined;
    const connection = new Connection({
      connectionString: await postgres.newDatabase(),
      clock: systemClock,
      log: silent,
      purpose: 'test',
      queryTimeoutMs: 5000,
      onSession: (opened) => {
        client = opened;
        return Promise.resolve();
      },
    });
    const pid = async (): Promise<unknown> =>
      (await connection.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' })).rows[0]?.pid;
    const first = await pid();
    (client as unknown as Wire).connection.emit('error', new Error('read ECONNRESET'));
    const second = await pid();
    expect(second).not.toBe(first);
    await connection.close();
  });
});
