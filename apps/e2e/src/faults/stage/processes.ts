import { readFile } from 'node:fs/promises';
import { eventually } from '../../harness/eventually';

/** The processes that a process has started and that run. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** kill -9; resolves when all have ended. Those that have ended already are none of ours any more. */
export async function kill(pids: readonly number[]): Promise<void> {
  signalAll(pids, 'SIGKILL');
  await eventually(async () => {
    const left: number[] = [];
    for (const pid of pids) if (await isAlive(pid)) left.push(pid);
    if (left.length > 0) throw new Error(`processes ${left.join(', ')} do not end`);
  }, 10_000);
}

/** A zombie counts as ended: it has let go of everything, whether or not its parent has looked. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  return state !== '' && state !== 'Z' && state !== 'X';
}

/** To each of them that has not ended meanwhile. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
    }
  }
}
