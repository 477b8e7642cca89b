import { Client } from 'pg';
import type { Mutation } from '@kubephant/storage';
import { keyOf, podsOf } from '../payload';
import { withLog } from '../log';
import { writeFor, type Loaded } from './writes';

export interface Raw {
  readonly connectionString: string;
  readonly batch: number;
  readonly seconds: number;
}

const value = Buffer.from(JSON.stringify(podsOf(1500)('raw')));
let names = 0;

/** Batches of ready bytes, counted as one each, one after the other, with nothing around them: no store, no JSON, nobody who listens. */
export async function raw({ connectionString, batch, seconds }: Raw): Promise<Loaded> {
  const newMutation = (): Mutation => ({ key: keyOf(`raw-${process.pid}-${(names += 1)}`), expected: 0, value });
  return await withLog(connectionString, (log) =>
    writeFor({ writers: 1, seconds }, () => log.commit(Array.from({ length: batch }, newMutation), 0)),
  );
}

/** Makes the schema; without `notify`, with a function for commits that tells nobody. */
export async function prepareRaw(config: { connectionString: string; notify: boolean }): Promise<void> {
  await withLog(config.connectionString, (log) => log.migrate());
  if (!config.notify) await silence(config.connectionString);
}

async function silence(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ source: string }>(
      "SELECT pg_get_functiondef(oid) AS source FROM pg_proc WHERE proname = 'commit_batch'",
    );
    const source = rows[0]?.source ?? '';
    const silent = source.replaceAll(/^.*pg_notify\(.*$/gm, '');
    if (silent === source) throw new Error('commit_batch does not notify on a line of its own');
    await client.query(silent);
  } finally {
    await client.end();
  }
}
