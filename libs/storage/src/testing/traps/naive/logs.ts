import type { CommitLog, LogRecord, ObjectRow } from '../../../log';
import type { Fault, Layer } from '../arena';
import { overriding, pageOf } from './overriding';

const onLog = (name: string, layer: () => Layer) => (): Fault => ({ name, log: layer() });

/** One table for state and history. Its compaction removes tombstones first, and is interrupted. */
export const tombstonesFirst = onLog('tombstones that are compacted first', () => {
  let left: readonly LogRecord[] | undefined;
  return (log) =>
    overriding(log, {
      async compact(before) {
        const { records } = await log.read(0, 1000);
        left = records.filter(({ deleted, revision }) => !deleted || revision > before);
        throw new Error('the connection was lost');
      },
      snapshot: (use) =>
        log.snapshot((snapshot) => use(left ? { ...snapshot, objects: pageOf(stateOf(left)) } : snapshot)),
    });
});

function stateOf(records: readonly LogRecord[]): ObjectRow[] {
  const newest = new Map(records.map((record) => [record.key.name, record]));
  return [...newest.values()].filter(({ deleted }) => !deleted) as ObjectRow[];
}

/** Rows first, and then the revision that they are supposed to be of. */
export const twoSnapshots = onLog(
  'rows and their revision from two snapshots',
  () => (log) =>
    overriding(log, {
      snapshot: (use) =>
        log.snapshot(async (snapshot) => {
          const rows: ObjectRow[] = [];
          for await (const page of snapshot.objects) rows.push(...page);
          return await use({ ...snapshot, objects: pageOf(rows), revision: await log.currentRevision() });
        }),
    }),
);

/** The unique index says no, and that is an error like any other. */
export const losersAreErrors = onLog(
  'losers that are errors',
  () => (log) =>
    overriding(log, {
      async commit(batch, known) {
        const result = await log.commit(batch, known);
        if (result.won.includes(false)) throw new Error('duplicate key value violates unique constraint');
        return result;
      },
    }),
);

/** A revision is taken before it is known whether there is anything to write. */
export const losersTakeRevisions = onLog('losers that take revisions', () => {
  let burnt = 0;
  return (log) =>
    overriding(log, {
      async commit(batch, known) {
        const result = await log.commit(batch, known);
        const losers = batch.filter((_, i) => !result.won[i]);
        const gaps = losers.map(({ key }) => ({ ...key, resource: 'gaps', name: `gap${++burnt}` }));
        if (gaps.length > 0) await log.commit(gaps.map(gapAt), 0);
        return result;
      },
    });
});

const gapAt = (key: LogRecord['key']) => ({ key, expected: 0, value: '{"metadata":{"name":"gap"}}' });

/** A batch is a loop of writes. */
export const oneByOne = onLog(
  'batches that are loops',
  () => (log) =>
    overriding(log, {
      async commit(batch, known) {
        const results = [];
        for (const mutation of batch) results.push(await log.commit([mutation], known));
        return { base: results[0]?.base ?? known, won: results.flatMap(({ won }) => won) };
      },
    }),
);

/** Whatever went wrong, it is tried again. */
export const retriesEverything = onLog(
  'writes that are always tried again',
  () => (log) =>
    overriding(log, {
      commit: (batch, known) => log.commit(batch, known).catch(() => log.commit(batch, known)),
    }),
);

/** Notifications are the news itself: what was not announced has not happened. */
export const hintsAreTruth = onLog('notifications for truth', () => (log) => {
  let heard = 0;
  return overriding(log, {
    run: (signal, wake) =>
      log.run(signal, (revision) => {
        if (revision !== undefined) heard = revision;
        wake(revision);
      }),
    currentRevision: async () => heard,
    read: (after, limit) => readUpTo(log, { after, limit, heard }),
  });
});

async function readUpTo(
  log: CommitLog,
  { after, limit, heard }: { readonly after: number; readonly limit: number; readonly heard: number },
) {
  const page = await log.read(after, limit);
  const records = page.records.filter(({ revision }) => revision <= heard);
  return { ...page, records, head: records.at(-1)?.revision ?? after };
}
