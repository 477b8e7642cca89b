export * from './schema';
export type * from './generated/types';
export * from './registry';
export * from './patch';
