export * from './informer';
export * from './indexer';
export * from './informers';
export * from './rate-limiter';
export * from './reflector';
export * from './shared-informer';
export * from './work-queue';
export * from './work-queue-metrics';
