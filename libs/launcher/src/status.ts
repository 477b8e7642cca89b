import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openProcessTable, type ProcessSpec } from './supervisor';

export interface ProcessStatus {
  readonly name: string;
  readonly pid?: number;
  /** Resident set, in MiB. */
  readonly memoryMb?: number;
}

/** Every program of the cluster, and whether it runs. */
export async function status(dataDir: string): Promise<readonly ProcessStatus[]> {
  const text = await readFile(join(dataDir, 'config', 'processes.json'), 'utf8').catch(() => '[]');
  const names = (JSON.parse(text) as ProcessSpec[]).map(({ name }) => name);
  const alive = await openProcessTable(join(dataDir, 'run')).alive();
  return await Promise.all(
    ['supervisor', ...names].map(async (name) => {
      const pid = alive.get(name)?.pid;
      return pid === undefined ? { name } : { name, pid, memoryMb: await residentMb(pid) };
    }),
  );
}

async function residentMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024);
}
