import type { Host } from '@kubephant/node';
import { linuxCgroups } from './linux-cgroups';
import { linuxFiles } from './linux-files';
import { linuxMachine } from './linux-machine';
import { linuxMounts } from './linux-mounts';
import { linuxProber } from './linux-prober';

/** This machine. Mounts and control groups need root; `pid` is this process'. */
export function newLinuxHost({ pid, now }: { readonly pid: number; readonly now: () => number }): Host {
  return {
    files: linuxFiles,
    mounts: linuxMounts(pid),
    prober: linuxProber,
    cgroups: linuxCgroups(),
    ...linuxMachine(now),
  };
}
