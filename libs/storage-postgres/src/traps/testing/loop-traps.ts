import type { KubeObject } from '@kubephant/api';
import { silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newSharedInformer, type ListerWatcher } from '@kubephant/informer';
import type { Store } from '@kubephant/storage';
import { keyOf, podOf, type Arena, type Fault, type Trap } from '@kubephant/storage/testing';

interface Following {
  readonly names: () => readonly string[];
  readonly running: Promise<void>;
}

type Follow = (source: ListerWatcher<KubeObject>, clock: FakeClock, signal: AbortSignal) => Following;

/** An arena in which a component follows a resource. */
export interface LoopArena extends Arena {
  readonly follow: Follow;
}

export interface LoopFault extends Fault {
  readonly follow: Follow;
}

export const withInformer: Follow = (source, clock, signal) => {
  const informer = newSharedInformer({ name: 'pods', source, random: () => 0 }, { clock, log: silent });
  return {
    names: () => informer.lister.list().map(({ metadata }) => metadata.name),
    running: informer.run(signal),
  };
};

const listsOnce = (): LoopFault => ({
  name: 'a loop that lists once',
  follow(source, clock, signal) {
    const known = new Set<string>();
    let at = '';
    const watch = async (): Promise<void> => {
      for await (const event of source.watch({ resourceVersion: at }, signal)) {
        if (event.type === 'BOOKMARK') continue;
        known[event.type === 'DELETED' ? 'delete' : 'add'](event.object.metadata.name);
        at = event.object.metadata.resourceVersion;
      }
    };
    const run = async (): Promise<void> => {
      const { items, resourceVersion } = await source.list({}, signal);
      for (const { metadata } of items) known.add(metadata.name);
      at = resourceVersion;
      while (!signal.aborted) await watch().catch(() => clock.sleep(1000, signal));
    };
    return { names: () => [...known], running: run() };
  },
});

/** What a client sees of a store, over a line that can be cut. */
function newLine(store: Store): { readonly source: ListerWatcher<KubeObject>; readonly cut: () => void } {
  let line = new AbortController();
  return {
    cut() {
      line.abort();
      line = new AbortController();
    },
    source: {
      async list() {
        const { items, revision } = await store.list({ resource: 'pods' });
        return { resourceVersion: String(revision), items: items.map(({ object }) => object) };
      },
      async *watch({ resourceVersion }, signal) {
        const here = line.signal;
        const options = { resource: 'pods', after: Number(resourceVersion) };
        for await (const batch of store.watch(options, AbortSignal.any([signal, here]))) {
          for (const event of batch)
            if (event.type !== 'BOOKMARK') yield { type: event.type, object: event.stored.object };
        }
        if (here.aborted) throw new Error('connection reset');
      },
    },
  };
}

/** What a component does that follows the API server. */
export const loopTraps: readonly Trap<LoopArena>[] = [
  {
    id: 'T22',
    title: 'a component that was away for longer than the history lists again',
    evidence: 'k3s#5482',
    naive: listsOnce,
    symptom: /stands still/,
    async run({ open, follow, comes, eventually }: LoopArena): Promise<void> {
      const store = await open();
      const { source, cut } = newLine(store);
      const clock = newFakeClock();
      const stop = new AbortController();
      await store.create(keyOf('a'), podOf('a'));
      const { names, running } = follow(source, clock, stop.signal);
      try {
        const knows = (wanted: string) => async () => {
          await clock.advance(30_000);
          return names().join() === wanted;
        };
        await comes(knows('a'));
        cut();
        await store.create(keyOf('b'), podOf('b'));
        await store.delete(keyOf('a'));
        await store.compact(3);
        await eventually(knows('b'), 'it stands still');
        await store.create(keyOf('c'), podOf('c'));
        await eventually(knows('b,c'), 'it stands still');
      } finally {
        stop.abort();
        await running;
      }
    },
  },
];
