import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, succeeds } from './command';
import type { Layout } from './layout';
import { withLock } from './lock';
import { removeNetwork } from './network';
import type { Progress } from './progress';
import { removePods } from './pods';
import { guardianName, openProcessTable, stopProcess, supervisorName, type ProcessSpec } from './supervisor';

/** Stops the cluster and leaves nothing but its data: no process, mount, network namespace, bridge or nftables table. */
export async function down(layout: Layout, progress: Progress, signal: AbortSignal): Promise<void> {
  const { dataDir } = layout.options;
  await withLock(dataDir, async () => {
    const table = openProcessTable(layout.directories.run);
    for (const name of [guardianName, supervisorName]) await stopProcess(table, { name }, signal);
    const specs = (await knownProcesses(layout)).toReversed();
    const stop = async (wanted: (name: string) => boolean): Promise<void> => {
      for (const spec of specs.filter(({ name }) => wanted(name))) await stopProcess(table, spec, signal);
    };
    const isContainerd = (name: string): boolean => name.startsWith('containerd-');
    await progress.step('kubelets and proxies stopped', () => stop((name) => /^(kubelet|kube-proxy)-/.test(name)));
    if (layout.options.runtime === 'containerd') {
      await progress.step('pods removed', () => removePods(layout, signal));
    }
    await progress.step('containerd stopped', () => stop(isContainerd));
    await progress.step('control plane stopped', () => stop((name) => !isContainerd(name)));
    if (layout.options.runtime === 'containerd') {
      await progress.step('mounts and networks removed', async () => {
        await killLeftovers(dataDir);
        await unmountUnder(dataDir);
        await removeNetwork(layout);
      });
    }
  });
}

async function knownProcesses({ directories }: Layout): Promise<readonly ProcessSpec[]> {
  const text = await readFile(join(directories.config, 'processes.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as ProcessSpec[];
}

/** Shims of containers whose pods could not be removed in the orderly way: they name our containerd's socket. */
async function killLeftovers(dataDir: string): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('containerd-shim') && command.includes(`${dataDir}/`)) await succeeds(['kill', '-KILL', pid]);
  }
}

async function unmountUnder(dataDir: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const points = mounts.split('\n').map((line) => unescapeOctal(line.split(' ')[4] ?? ''));
  // The innermost first.
  for (const point of points.filter((path) => path.startsWith(`${dataDir}/`)).toReversed())
    await run(['umount', '--lazy', point]);
}

/** proc(5): space, tab, newline and backslash are written as octal escapes. */
const unescapeOctal = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));

/** Removes the data too. */
export async function purge(layout: Layout): Promise<void> {
  await rm(layout.options.dataDir, { recursive: true, force: true });
}
