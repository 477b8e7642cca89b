export { newCachedStore, openCachedStore, type CachedStoreConfig, type OpenStore } from './cached-store';
export { newMemoryStore } from './memory-store';
export { MemoryLog } from './memory-log';
export { PageSize } from './page-size';
export type * from './log';
export * from './store';
