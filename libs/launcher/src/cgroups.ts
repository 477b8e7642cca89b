import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@kubephant/base';
import { linuxCgroups } from '@kubephant/host-linux';
import { cgroupRootOf } from '@kubephant/node';
import type { NodeLayout } from './layout';

const mount = '/sys/fs/cgroup';
const patienceMs = 5_000;

/** Ends whatever still runs in the node's control groups, and removes them: kubelets leave theirs behind on purpose. */
export async function removeCgroups(node: NodeLayout): Promise<void> {
  const root = cgroupRootOf(join(node.directory, 'kubelet'));
  const deadline = systemClock.now() + patienceMs;
  for (;;) {
    for (const pid of await processesBelow(root)) kill(pid);
    try {
      await linuxCgroups(mount).remove(root);
      return;
    } catch (err) {
      // A group is busy until the last of its processes has been reaped.
      if (systemClock.now() > deadline) throw err;
      await systemClock.sleep(50, new AbortController().signal);
    }
  }
}

/** On cgroup v1 every hierarchy lists them; on v2 there is but one. */
async function processesBelow(root: string): Promise<ReadonlySet<number>> {
  const hierarchies = [mount, ...(await readdir(mount).catch(() => [])).map((name) => join(mount, name))];
  const groups = (await Promise.all(hierarchies.map((hierarchy) => groupsBelow(join(hierarchy, root))))).flat();
  const lists = await Promise.all(groups.map((group) => readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')));
  return new Set(lists.flatMap((list) => list.split('\n').map(Number)).filter((pid) => pid > 1));
}

async function groupsBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [];
  return [root, ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))];
}

function kill(pid: number): void {
  try {
    globalThis.process.kill(pid, 'SIGKILL');
  } catch (err) {
    // It ended between the look and the signal.
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
  }
}
