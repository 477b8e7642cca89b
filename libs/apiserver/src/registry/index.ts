export { newRegistry, type RegistryDependencies } from './registry';
export { newResource, resourceFields, type Resource } from './resource';
export type { Connect, Framings } from './scope';
export type { Allocated, Allocation } from './allocation';
export type { AppliedWrite, OwnedWrite, Ownership } from './ownership';
