import type { Opened, Scenario } from '../measure/bench';
import { beside, figure, type Run } from '../measure/figure';
import { newStoreProcess, type StoreBench, type StoreProcess } from './stores';

interface Filled {
  readonly connectionString: string;
  readonly count: number;
  /** Mean size of an object in the database. */
  readonly bytes: number;
}

/** A database with so many objects, filled once; each run looks at them with a process of its own. */
function overFull(count: number, bytes: number, run: (child: StoreProcess, filled: Filled) => Promise<Run>) {
  return async ({ database }: StoreBench): Promise<Opened> => {
    const connectionString = await database.fresh();
    await using child = newStoreProcess();
    const mean = await child.call('fill', { connectionString, count, bytes });
    return {
      async run() {
        await using reading = newStoreProcess();
        return await run(reading, { connectionString, count, bytes: mean });
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  };
}

const many = 100_000;

const hundredThousand: Scenario<StoreBench> = {
  name: 'list-nothing',
  description: `${many} objects of 1 KB: start, consistent LISTs that match nothing, memory`,
  open: overFull(many, 1000, async (child, { connectionString, count, bytes }) => {
    const before = await child.call('memory');
    const startMs = await child.call('open', { connectionString });
    const scanMs = await child.call('listNothing', 'scan');
    const labelMs = await child.call('listNothing', 'label');
    const fieldMs = await child.call('listNothing', 'field');
    const after = await child.call('memory');
    return {
      figures: [
        figure('start of a store', 'ms', startMs, { atMost: 5000 }),
        figure('LIST by scan, p50', 'ms', scanMs, { atMost: 60 }),
        figure('LIST by label, p50', 'ms', labelMs, { atMost: 60 }),
        figure('LIST by indexed field, p50', 'ms', fieldMs, { atMost: 10 }),
        figure('memory per object', 'B', (after.held - before.held) / count, { atMost: 1.5 * bytes + 1024 }),
        figure('of the size of an object', '', (after.held - before.held) / count / bytes),
        beside('size of an object', 'B', bytes),
        beside('resident', 'MB', after.resident / 1e6),
      ],
    };
  }),
};

const listed = 10_000;

const bytesJoined: Scenario<StoreBench> = {
  name: 'list-bytes',
  description: `consistent LIST of ${listed} objects of 4 KB, its bytes joined to one body`,
  open: overFull(listed, 4000, async (child, { connectionString }) => {
    await child.call('open', { connectionString });
    const { listMs, joinedMs, bytes } = await child.call('listAll');
    return {
      figures: [
        figure('LIST joined', 'MB/s', bytes / 1e3 / joinedMs, { atLeast: 300 }),
        figure('LIST joined, p50', 'ms', joinedMs),
        figure('LIST, p50', 'ms', listMs),
        beside('answer', 'MB', bytes / 1e6),
      ],
    };
  }),
};

export const listScenarios: readonly Scenario<StoreBench>[] = [hundredThousand, bytesJoined];
