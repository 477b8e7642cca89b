import type { Time } from './history';
import type { Item, Revision } from './subject';

/** One change as the database has it. A deletion has the last state's value and label, or none. */
export interface TruthChange {
  readonly revision: Revision;
  readonly key: string;
  readonly value?: string;
  readonly label?: string;
  readonly deleted: boolean;
}

/**
 * What one database had between two failovers, of the examined objects: the state it began with and every change after
 * it, ascending. Revisions that are missing belong to other objects. A failover ends an epoch; what its standby had not
 * received is the lost tail.
 */
export interface Epoch {
  /**
   * `state` is the state at this revision, and all lower revisions belong to the epochs before: it is behind the jump.
   * The same as `survived` when there was none, because nothing was lost.
   */
  readonly start: Revision;
  /** Items keep the revision of their last change, also from before a failover. */
  readonly state: readonly Item[];
  readonly changes: readonly TruthChange[];
  /** After a failover: the last revision that the new database had received of the epoch before. */
  readonly survived?: Revision;
  /** After a failover: when the new database began to serve, on the clock of the history. */
  readonly began?: Time;
  /** When this epoch ended with a failover and its lost tail could not be read: then changes up to `survived` will do. */
  readonly tailUnknown?: true;
}

/** What really happened: recorded in the database, not by those who are examined. At least one epoch. */
export type Truth = readonly Epoch[];
