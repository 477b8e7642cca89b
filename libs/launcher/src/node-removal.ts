import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeCgroups } from './cgroups';
import { run, succeeds } from './command';
import { nodeLayout, type Layout, type NodeLayout } from './layout';
import { removeNodeNetwork } from './network';
import { removePods } from './pods';
import type { Progress } from './progress';
import { stopProcess, type ProcessSpec, type ProcessTable } from './supervisor';

/** What there is to stop: the processes as they were started, and the table that knows them. */
export interface Started {
  readonly table: ProcessTable;
  readonly specs: readonly ProcessSpec[];
}

/** The programs that the last `up` wrote down. */
export async function startedProcesses({ directories }: Layout, table: ProcessTable): Promise<Started> {
  const text = await readFile(join(directories.config, 'processes.json'), 'utf8').catch(() => '[]');
  return { table, specs: JSON.parse(text) as ProcessSpec[] };
}

/** Nodes that have a directory and no place in the layout: those of an `up` with more nodes. */
export async function surplusNodes({ options, nodes }: Layout): Promise<readonly NodeLayout[]> {
  const names = await readdir(join(options.dataDir, 'nodes')).catch(() => []);
  return names
    .flatMap((name) => /^node-([1-9]\d{0,3})$/.exec(name)?.[1] ?? [])
    .map((number) => nodeLayout(options, Number(number) - 1))
    .filter(({ name }) => !nodes.some((node) => node.name === name));
}

/** Stops nodes in the order in which nothing is left behind: what makes pods, the pods, and then what runs them. */
export async function stopNodes(
  nodes: readonly NodeLayout[],
  started: Started,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const contained = nodes.filter(({ namespace }) => namespace !== undefined);
  await progress.step('kubelets and proxies stopped', () => stopAll(nodes, ['kube-proxy', 'kubelet'], started, signal));
  if (contained.length === 0) return;
  await progress.step('pods removed', () => removePods(contained, signal));
  await progress.step('containerd stopped', () => stopAll(contained, ['containerd'], started, signal));
  await progress.step('mounts and control groups removed', async () => {
    for (const node of contained) {
      await killShims(node.directory);
      await removeCgroups(node);
      await unmountUnder(node.directory);
    }
  });
}

/** Removes what `stopNodes` has left of a node that is to be no more: its network and its data. */
export async function forgetNode(node: NodeLayout): Promise<void> {
  if (node.namespace !== undefined) await removeNodeNetwork(node);
  await rm(node.directory, { recursive: true, force: true });
}

async function stopAll(
  nodes: readonly NodeLayout[],
  programs: readonly string[],
  { table, specs }: Started,
  signal: AbortSignal,
): Promise<void> {
  const names = nodes.flatMap((node) => programs.map((program) => `${program}-${node.name}`));
  await Promise.all(
    names.map((name) => stopProcess(table, specs.find((spec) => spec.name === name) ?? { name }, signal)),
  );
}

/** Shims of containers whose pods could not be removed in the orderly way: they name our containerd's socket. */
async function killShims(directory: string): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('containerd-shim') && command.includes(`${directory}/`))
      await succeeds(['kill', '-KILL', pid]);
  }
}

async function unmountUnder(directory: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const points = mounts.split('\n').map((line) => unescapeOctal(line.split(' ')[4] ?? ''));
  // The innermost first.
  for (const point of points.filter((path) => path.startsWith(`${directory}/`)).toReversed())
    await run(['umount', '--lazy', point]);
}

/** proc(5): space, tab, newline and backslash are written as octal escapes. */
const unescapeOctal = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
