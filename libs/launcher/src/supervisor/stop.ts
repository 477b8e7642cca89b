import { systemClock } from '@kubephant/base';
import type { ProcessSpec } from './process-spec';
import { isAlive, type ProcessId, type ProcessTable } from './process-table';

const pollMs = 50;

/** Stops the program and waits until it is gone: its stop signal first, SIGKILL when it takes too long. */
export async function stopProcess(
  table: ProcessTable,
  spec: Pick<ProcessSpec, 'name' | 'stopSignal' | 'stopTimeoutMs'>,
  signal: AbortSignal,
): Promise<boolean> {
  const id = await table.get(spec.name);
  if (id) {
    send(id, spec.stopSignal ?? 'SIGTERM');
    if (!(await gone(id, spec.stopTimeoutMs ?? 10_000, signal))) {
      send(id, 'SIGKILL');
      await gone(id, 5_000, signal);
    }
  }
  await table.delete(spec.name);
  return id !== undefined;
}

function send({ pid }: ProcessId, name: NodeJS.Signals): void {
  try {
    globalThis.process.kill(pid, name);
  } catch (err) {
    // It ended between the look and the signal.
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
  }
}

async function gone(id: ProcessId, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = systemClock.now() + withinMs;
  while (await isAlive(id)) {
    if (systemClock.now() > deadline || signal.aborted) return false;
    await systemClock.sleep(pollMs, signal);
  }
  return true;
}
