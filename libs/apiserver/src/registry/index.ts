export { newFramings, protobufOf } from './protobuf';
export { newRegistry, type RegistryDependencies } from './registry';
export { newResource, resourceFields, type Resource } from './resource';
export type { Connect, Framings } from './scope';
export type { Allocated, Allocation } from './allocation';
export { newPools, serviceAllocation, type Pools, type ServiceNumbers } from './services/allocation';
export { expireObjects, type ExpiryDependencies } from './expiry';
export { firstAddress } from './services/ranges';
export { repairAllocations } from './services/repair';
