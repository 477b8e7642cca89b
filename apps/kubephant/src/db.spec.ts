import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { Command } from 'commander';
import { Client } from 'pg';
import { dbCommand } from './db';

const port = 15_941;

describe('kubephant db', () => {
  const postgres = withTestPostgres({ port });
  const admin = `postgresql://dba:from-the-dba@127.0.0.1:${port}/postgres`;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubephant-db-'));
    await postgres.query("CREATE ROLE dba LOGIN SUPERUSER PASSWORD 'from-the-dba'");
  });
  afterAll(async () => {
    process.exitCode = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  const run = async (...args: readonly string[]): Promise<string> => {
    let printed = '';
    const program = new Command('kubephant');
    dbCommand(program, {
      print: (text) => (printed += text),
      signal: new AbortController().signal,
      existing: (dataDir) => Promise.reject(new Error(`there is no cluster in ${dataDir}`)),
      withDataDir: (command) => command.option('--data-dir <dir>', '', '/nowhere'),
    });
    await program.parseAsync(['node', 'kubephant', 'db', ...args]);
    return printed;
  };
  const fileOf = async (name: string): Promise<string> => (await readFile(join(directory, name), 'utf8')).trim();
  const init = () => run('init', `--database-url=${admin}`, '--database=cluster', `--credentials=${directory}`);

  it('init makes roles whose passwords are in files for their owner alone, and shows none', async () => {
    const text = await init();
    const files = (await readdir(directory)).sort();
    expect(files).toEqual(['apiserver-password', 'apiserver-url', 'reader-password', 'reader-url']);
    for (const name of files) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    const passwords = [await fileOf('apiserver-password'), await fileOf('reader-password'), 'from-the-dba'];
    expect(new Set(passwords).size).toBe(3);
    for (const password of passwords) expect(text).not.toContain(password);
    expect(text).toContain(`apiserver  postgresql://kubephant_apiserver:PASSWORD@127.0.0.1:${port}/cluster`);
    expect(text).toContain(`reader     postgresql://kubephant_reader:PASSWORD@127.0.0.1:${port}/cluster`);
  });

  it('init keeps the passwords when it is repeated', async () => {
    const before = await fileOf('reader-url');
    await init();
    expect(await fileOf('reader-url')).toBe(before);
  });

  it('migrate makes the schema as the role of the API server, for the reader to read', async () => {
    await run('migrate', `--database-url=${await fileOf('apiserver-url')}`);
    const client = new Client({ connectionString: await fileOf('reader-url') });
    await client.connect();
    expect((await client.query('SELECT count(*)::int AS pods FROM kubephant.pods')).rows).toEqual([{ pods: 0 }]);
    await client.end();
  });

  it('check says that a sound database is sound', async () => {
    const url = await fileOf('apiserver-url');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`SET search_path = kubephant; SELECT commit_batch(0, '{configmaps}', '{default}', '{a}', '{0}',
      ARRAY['{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"default","uid":"u"}}'::json], '{null}')`);
    await client.end();
    const text = await run('check', `--database-url=${url}`);
    expect(text.replaceAll(/[0-9a-f]{64}/g, 'SHA')).toBe(
      [
        'RESOURCE    OBJECTS  CHANGES  SHA256',
        'configmaps  1        1        SHA',
        '',
        'now        1 objects at revision 1, digest SHA',
        'replayed   0 objects at revision 0 and 1 changes, digest SHA',
        '',
        'The database is sound: the log leads to exactly the state that is there.',
        '',
      ].join('\n'),
    );
    expect(process.exitCode).toBeUndefined();
  });

  it('check names what is wrong, and fails', async () => {
    const url = await fileOf('apiserver-url');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('DELETE FROM kubephant.log');
    await client.end();
    const text = await run('check', `--database-url=${url}`);
    expect(text).toContain('WRONG  revision 1 is missing from the log\n');
    expect(text).toContain('The database is DAMAGED: 2 things are wrong.\n');
    expect(process.exitCode).toBe(1);
  });

  it('check without a URL looks for the cluster of the data directory', async () => {
    await expect(run('check')).rejects.toThrow('there is no cluster in /nowhere');
  });
});
