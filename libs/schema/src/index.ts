export * from './schema';
export type * from './generated/types';
export * from './json';
export * from './kinds';
export * from './openapi';
export { decodeProtobuf, decodeWatchFrame, encodeProtobuf, encodeWatchFrame } from './protobuf';
export * from './registry';
export * from './patch';
export * from './managed-fields';
