import type { KubeObject } from '@kubephant/api';
import type { Resource } from './resource';

/** A write whose changes a manager is to own. */
export interface OwnedWrite {
  readonly resource: Resource;
  /** What is about to be stored; its managedFields are set. */
  readonly obj: KubeObject;
  /** What is stored; absent for a create. */
  readonly live?: KubeObject;
  readonly manager: string;
  readonly subresource?: string;
  readonly now: Date;
}

export interface AppliedWrite {
  readonly resource: Resource;
  readonly live?: KubeObject;
  /** The configuration as the client sent it: only what it has an opinion on. */
  readonly applied: KubeObject;
  readonly manager: string;
  readonly force: boolean;
  readonly subresource?: string;
  readonly now: Date;
}

/** Who owns which fields (KEP-555). */
export interface Ownership {
  update(write: OwnedWrite): void;
  /** The merged object with its managedFields. Throws Conflict, and the 500s upstream gives for ill-typed input. */
  apply(write: AppliedWrite): KubeObject;
}
