import { systemClock, newGroup } from '@kubephant/base';
import { overriding, type Fault } from '@kubephant/storage/testing';
import { Client } from 'pg';
import type { PostgresFault } from '../arena';

/** A reader that ends without having read everything, and does not say so. */
export const halfASnapshot = (): Fault => ({
  name: 'an error that is taken for the end',
  log: (log) =>
    overriding(log, {
      async snapshot(use) {
        const kept: Awaited<ReturnType<typeof use>>[] = [];
        const reading = log.snapshot(async (snapshot) => {
          const { objects, history } = snapshot;
          kept.push(await use({ ...snapshot, objects: quietly(objects), history: quietly(history) }));
        });
        await reading.catch(() => undefined);
        return kept[0]!;
      },
    }),
});

async function* quietly<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch {
    // Nobody is told.
  }
}

/** A process that ends when it cannot renew its lease in the database for two seconds. */
export const endsWithItsLease = (): Fault => ({
  name: 'a process that ends with its lease',
  log: (log) =>
    overriding(log, {
      async run(signal, wake) {
        const group = newGroup(signal);
        group.go('log', (inner) => log.run(inner, wake));
        group.go('lease', async (inner) => {
          while (!inner.aborted) {
            const deadline = new AbortController();
            const late = systemClock.sleep(2000, AbortSignal.any([inner, deadline.signal])).then(() => 'late');
            const renewed = await Promise.race([late, log.currentRevision()]);
            if (renewed === 'late') throw new Error('leaderelection lost');
            deadline.abort();
            await systemClock.sleep(50, inner);
          }
        });
        await group.wait();
      },
    }),
});

/** Each notification is one event. */
export const oneEventPerNotification = (): Fault => ({
  name: 'one event per notification',
  log(log) {
    let heard = 0;
    return overriding(log, {
      run: (signal, wake) =>
        log.run(signal, (revision) => {
          if (revision !== undefined) heard++;
          wake(revision);
        }),
      currentRevision: async () => heard,
      async read(after, limit) {
        const page = await log.read(after, limit);
        const records = page.records.filter(({ revision }) => revision <= heard);
        return { ...page, records, head: records.at(-1)?.revision ?? after };
      },
    });
  },
});

/** A listener that has begun a transaction, as a driver does that was not told otherwise. */
export const listensInATransaction = (): PostgresFault => ({
  name: 'a listener in a transaction',
  onDatabase: (log, connectionString) =>
    overriding(log, {
      async run(signal, wake) {
        const client = new Client({ connectionString });
        await client.connect();
        await client.query('BEGIN');
        await client.query('LISTEN kubephant');
        try {
          await log.run(signal, wake);
        } finally {
          await client.end();
        }
      },
    }),
});
