export * from './subject';
export * from './history';
export * from './truth';
export * from './verdict';
export * from './recorder';
export type * from './traffic-options';
