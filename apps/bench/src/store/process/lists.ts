import { newSelector, parseFieldSelector } from '@kubephant/api';
import type { Selection, Store } from '@kubephant/storage';
import { nowMs } from '../../measure/machine';
import { median } from '../../measure/statistics';
import { withLog } from '../log';
import { keyOf, podsOf } from '../payload';

export interface Filling {
  readonly connectionString: string;
  readonly count: number;
  readonly bytes: number;
}

const batchSize = 1000;

/** Fills an empty database, without a store; gives the mean size of its objects. */
export async function fill({ connectionString, count, bytes }: Filling): Promise<number> {
  const pod = podsOf(bytes);
  let total = 0;
  await withLog(connectionString, async (postgres) => {
    await postgres.migrate();
    for (let i = 0; i < count; i += batchSize) {
      const batch = Array.from({ length: Math.min(batchSize, count - i) }, (_, j) => {
        const key = keyOf(`o${String(i + j).padStart(7, '0')}`);
        const value = JSON.stringify(pod(key.name));
        total += value.length;
        return { key, expected: 0, value };
      });
      const { won } = await postgres.commit(batch, 0);
      if (!won.every(Boolean)) throw new Error('the database was not empty');
    }
  });
  return total / count;
}

/** Ways to look for what is not there. What is unequal to something is found by no index: it takes a look at everything. */
const nothing = {
  scan: { labels: newSelector([{ key: 'app', operator: '!=', values: ['bench'] }]) },
  label: { labels: newSelector([{ key: 'app', operator: '=', values: ['none'] }]) },
  field: { fields: parseFieldSelector('spec.nodeName=none') },
} satisfies Record<string, Selection>;

export type By = keyof typeof nothing;

const times = 9;

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const startMs = nowMs();
    await work();
    all.push(nowMs() - startMs);
  }
  return median(all);
}

/** Milliseconds of a consistent list that matches nothing. */
export async function listNothing(store: Store, by: By): Promise<number> {
  return await medianMs(async () => {
    const { items } = await store.list({ resource: 'pods', selection: nothing[by] });
    if (items.length > 0) throw new Error('something matches nothing');
  });
}

/** Milliseconds of a consistent list of everything, and of one whose bytes are joined to one body; and these bytes. */
export async function listAll(store: Store): Promise<{ listMs: number; joinedMs: number; bytes: number }> {
  const list = async (): Promise<Buffer[]> => (await store.list({ resource: 'pods' })).items.map(({ json }) => json);
  let bytes = 0;
  const listMs = await medianMs(list);
  const joinedMs = await medianMs(async () => {
    bytes = Buffer.concat(await list()).length;
  });
  return { listMs, joinedMs, bytes };
}
