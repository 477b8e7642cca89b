export * from './schema';
export type * from './generated/types';
export * from './json';
export * from './kinds';
export * from './registry';
export * from './patch';
