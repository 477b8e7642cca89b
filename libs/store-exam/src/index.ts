export * from './subject';
export * from './history';
export * from './truth';
export * from './verdict';
export * from './recorder';
export * from './judge';
export type * from './traffic/options';
export * from './traffic/run-traffic';
