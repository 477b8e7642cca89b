import { admission, cluster } from './cluster';
import { core } from './core';
import type { Edits } from './edit';
import { devices, network, storage } from './network';
import { workloads } from './workloads';

export type { Changes, Edits, Wrong } from './edit';

/** By the name of the kind's schema, as the examples are. */
export const edits: Readonly<Record<string, Edits>> = {
  ...core,
  ...workloads,
  ...cluster,
  ...admission,
  ...network,
  ...storage,
  ...devices,
};
