import { readFile } from 'node:fs/promises';
import { parseStat } from '../measure/machine';

/** Processor seconds of a process of this machine. Rejects when there is none. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8')).cpuSeconds;
}
