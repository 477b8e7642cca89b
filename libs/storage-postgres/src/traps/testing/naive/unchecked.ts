import { untilAborted } from '@kubephant/base';
import type { CommitLog, LogSnapshot, ObjectRow } from '@kubephant/storage';
import { naiveLogs, overriding, pageOf } from '@kubephant/storage/testing';
import { Client } from 'pg';
import type { PostgresFault } from '../arena';

interface Position {
  readonly latest: string;
  readonly compacted: string;
}

async function ask<R extends object>(connectionString: string, text: string): Promise<R[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<R & Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function positionOf(connectionString: string): Promise<{ latest: number; compacted: number }> {
  const [found] = await ask<Position>(connectionString, 'SELECT latest, compacted FROM kubephant.revision');
  return { latest: Number(found?.latest), compacted: Number(found?.compacted) };
}

async function stateOf(connectionString: string): Promise<Pick<LogSnapshot, 'objects' | 'history'>> {
  const rows = await ask<Record<string, string>>(
    connectionString,
    'SELECT resource, namespace, name, revision, created_revision, data::text FROM kubephant.objects',
  );
  const objects = rows.map((row): ObjectRow => ({
    key: { resource: row['resource']!, namespace: row['namespace']!, name: row['name']! },
    revision: Number(row['revision']),
    createdRevision: Number(row['created_revision']),
    value: row['data']!,
  }));
  return { objects: pageOf(objects), history: pageOf([]) };
}

/** Reads from whatever answers, as a driver does that nobody told to look at whom it talks to. */
const readingAnywhere = (log: CommitLog, connectionString: string): CommitLog =>
  overriding(log, {
    currentRevision: async () => (await positionOf(connectionString)).latest,
    async read(after) {
      const { latest: head, compacted } = await positionOf(connectionString);
      const page = head > after ? await log.read(after, 1000).catch(() => undefined) : undefined;
      return page ?? { head: after, compacted, records: [] };
    },
    async snapshot(use) {
      const { latest: revision, compacted } = await positionOf(connectionString);
      return await use({ revision, compacted, ...(await stateOf(connectionString)) });
    },
    async run(signal, wake) {
      const client = new Client({ connectionString });
      client.on('notification', ({ payload }) => wake(Number(payload)));
      await client.connect();
      // A standby refuses even this, which is no reason not to read from it.
      await client.query('LISTEN kubephant').catch(() => undefined);
      await untilAborted(signal);
      await client.end();
    },
  });

export const anyServer = (): PostgresFault => ({
  name: 'an eye closed to whom it talks to',
  onDatabase: readingAnywhere,
});

export const listensThroughAnything = (): PostgresFault => ({
  ...naiveLogs.hintsAreTruth(),
  name: 'a listener behind a pooler',
  onDatabase: readingAnywhere,
});
