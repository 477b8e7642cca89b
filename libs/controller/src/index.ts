export { newBoundedMap, type BoundedMap } from './event-correlator';
export * from './event-recorder';
export * from './expectations';
export * from './leader-election';
export * from './reconciler';
export * from './run-controller';
