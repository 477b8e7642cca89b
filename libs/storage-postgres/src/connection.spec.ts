import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { DatabaseError, type Client } from 'pg';
import { Connection } from './connection';
import { isRolledBack } from './errors';

interface Wire {
  readonly connection: {
    emit(event: 'error', err: Error): boolean;
    prependListener(event: 'errorMessage', listener: (err: DatabaseError) => void): void;
  };
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

  it('tells a refusal from an end, whatever language the server speaks', async () => {
    const translated: Readonly<Record<string, string>> = { ERROR: 'ОШИБКА', FATAL: 'ВАЖНО' };
    const connection = new Connection({
      connectionString: await postgres.newDatabase(),
      ...{ clock: systemClock, log: silent, purpose: 'test', queryTimeoutMs: 5000 },
      onSession: (client) => {
        (client as unknown as Wire).connection.prependListener('errorMessage', (err) => {
          err.severity = translated[err.severity ?? ''];
        });
        return Promise.resolve();
      },
    });
    const failureOf = (text: string): Promise<unknown> =>
      connection.query({ text }).then(
        () => undefined,
        (err: unknown) => err,
      );
    expect(isRolledBack(await failureOf('SELECT 1/0'))).toBe(true);
    const end = await failureOf('SELECT pg_terminate_backend(pg_backend_pid())');
    expect(end).toBeInstanceOf(DatabaseError);
    expect(isRolledBack(end)).toBe(false);
    await connection.close();
  });
});
