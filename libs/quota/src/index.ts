export * from './amounts';
export { deviceClaims, isClaimOf, mayCountDevices, podNameOf, type DeviceClaimLookups } from './device-claims';
export { countedBy, objectCount, type Evaluator } from './evaluator';
export * from './pod-resources';
export { pods, statedBy } from './pods';
export * from './quotas';
export { services } from './services';
export { volumeClaims } from './volume-claims';
