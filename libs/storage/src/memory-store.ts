import { CachedStore, type CachedStoreConfig } from './cached-store';
import { MemoryLog } from './memory-log';
import type { Store } from './store';

/** A store that lives as long as its process. It has no loop to run: nobody else writes to it. */
export function newMemoryStore(config: CachedStoreConfig): Store {
  return new CachedStore(new MemoryLog(), config);
}
