import type { Attributes } from '@kubephant/serving';

/** What the plugins of this server see of a write besides what all plugins see. */
export interface WriteAttributes extends Attributes {
  /** Has `undo` run when nothing is written after all: what was taken for the write goes back. */
  onFailure(undo: () => Promise<void>): void;
}
