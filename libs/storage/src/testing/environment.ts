import { openCachedStore, type CachedStoreConfig, type OpenStore } from '../cached-store';
import type { CommitLog } from '../log';
import type { Store } from '../store';
import { testResources, type StoreEnvironment } from './fixtures';

/** Stores that run until the environment is closed. `open` makes another store on the same log. */
export function newEnvironment(
  open: (config: CachedStoreConfig) => Promise<OpenStore>,
  cleanUp: () => Promise<void> = () => Promise.resolve(),
): StoreEnvironment {
  const stopped = new AbortController();
  const running: Promise<void>[] = [];
  return {
    async open(config = {}): Promise<Store> {
      const { store, run } = await open({ resources: testResources, ...config });
      running.push(run(stopped.signal));
      return store;
    },
    async close() {
      stopped.abort();
      await Promise.all(running);
      await cleanUp();
    },
  };
}

export const onLog = (log: CommitLog): StoreEnvironment => newEnvironment((config) => openCachedStore(log, config));
