export { newRegistry, type RegistryDependencies } from './registry';
export { newResource, resourceFields, type Resource } from './resource';
export type { Connect, Framings } from './scope';
export type { Allocated, Allocation } from './allocation';
export type { AppliedWrite, OwnedWrite, Ownership } from './ownership';
export { newPools, serviceAllocation, type Pools, type ServiceNumbers } from './services/allocation';
export { firstAddress } from './services/ranges';
export { repairAllocations } from './services/repair';
