export * from './abort';
export * from './backoff';
export * from './clock';
export * from './group';
export * from './logger';
export * from './metrics';
export * from './series';
export * from './version';
