import type { KubeObject } from '@kubephant/api';

/** What an allocation did for one write; exactly one of the two is called, when the write's outcome is known. */
export interface Allocated {
  /** The object is stored: numbers it no longer uses go back. */
  commit(): Promise<void>;
  /** The object is not stored: numbers taken for it go back. */
  rollback(): Promise<void>;
}

/** Two as one; what was taken last goes back first. */
export const both = (first: Allocated, second: Allocated): Allocated => ({
  async commit() {
    await first.commit();
    await second.commit();
  },
  async rollback() {
    await second.rollback();
    await first.rollback();
  },
});

/**
 * Numbers that objects of one resource hold exclusively in the whole cluster.
 */
export interface Allocation {
  /**
   * Whether a prepared object may have the numbers it asks for, before all other validation, as upstream tells it;
   * takes nothing, so that invalid objects cost no writes. Throws Invalid when one is held by another or unusable.
   */
  check(obj: KubeObject, old: KubeObject | undefined, dryRun: boolean): Promise<void>;
  /** Takes the numbers of a valid object and fills in those it leaves open. Throws Invalid like `check`. */
  assign(obj: KubeObject, old: KubeObject | undefined, dryRun: boolean): Promise<Allocated>;
  /** The object is gone. */
  release(obj: KubeObject): Promise<void>;
}
