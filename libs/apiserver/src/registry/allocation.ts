import type { KubeObject } from '@kubephant/api';

/** What an allocation did for one write; exactly one of the two is called, when the write's outcome is known. */
export interface Allocated {
  /** The object is stored: numbers it no longer uses go back. */
  commit(): Promise<void>;
  /** The object is not stored: numbers taken for it go back. */
  rollback(): Promise<void>;
}

/**
 * Numbers that objects of one resource hold exclusively in the whole cluster. `assign` fills them into a prepared
 * object before validation and takes them; throws Invalid when a number asked for is held by another or unusable.
 */
export interface Allocation {
  assign(obj: KubeObject, old: KubeObject | undefined, dryRun: boolean): Promise<Allocated>;
  /** The object is gone. */
  release(obj: KubeObject): Promise<void>;
}
