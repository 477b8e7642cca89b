import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connectApi } from './api';
import { run } from './command';
import type { Layout } from './layout';
import { startedProcesses } from './node-removal';
import { openProcessTable, supervisorName } from './supervisor';

export interface ProcessStatus {
  readonly name: string;
  readonly pid?: number;
  /** Resident set, in MiB. */
  readonly memoryMb?: number;
  /** When it was started, in milliseconds since the epoch. */
  readonly sinceMs?: number;
}

export interface ClusterStatus {
  readonly apiReady: boolean;
  /** Nodes that are to be, and whether the API knows them as ready. */
  readonly nodes: readonly { readonly name: string; readonly ready: boolean }[];
  readonly processes: readonly ProcessStatus[];
}

/** Every program of the cluster and whether it runs, and what the API says of itself and of the nodes. */
export async function status(layout: Layout, signal: AbortSignal): Promise<ClusterStatus> {
  const table = openProcessTable(layout.directories.run);
  const { specs } = await startedProcesses(layout, table);
  const alive = await table.alive();
  const processes = await Promise.all(
    [supervisorName, ...specs.map(({ name }) => name)].map(async (name): Promise<ProcessStatus> => {
      const pid = alive.get(name)?.pid;
      if (pid === undefined) return { name };
      const { mtimeMs } = await stat(join(layout.directories.run, `${name}.pid.json`));
      return { name, pid, memoryMb: await residentMb(pid), sinceMs: mtimeMs };
    }),
  );
  if (!alive.has('apiserver'))
    return { processes, apiReady: false, nodes: layout.nodes.map(({ name }) => ({ name, ready: false })) };
  using api = await connectApi(layout);
  const yes = (answer: Promise<boolean>): Promise<boolean> => answer.catch(() => false);
  const nodes = layout.nodes.map(async ({ name }) => ({ name, ready: await yes(api.nodeReady(name, signal)) }));
  return { processes, apiReady: await yes(api.ready(signal)), nodes: await Promise.all(nodes) };
}

async function residentMb(pid: number): Promise<number> {
  const kilobytes = await run(['ps', '-o', 'rss=', '-p', String(pid)]).catch(() => '0');
  return Math.round(Number(kilobytes.trim()) / 1024);
}
