import type { ProcessSpec } from './process-spec';
import type { ProcessTable } from './process-table';

export const supervisorName = 'supervisor';
export const guardianName = 'guardian';

/**
 * Who supervises the supervisor: a shell of a megabyte that waits for it to end and then becomes the next one. The
 * supervisor in turn restarts the guardian, so that either may be killed.
 */
export function guardianSpec(supervisorPid: number, argv: readonly string[]): ProcessSpec {
  const script = 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; shift; exec "$@"';
  return { name: guardianName, argv: ['/bin/sh', '-c', script, guardianName, String(supervisorPid), ...argv] };
}

/** Enters this process as the supervisor. When the guardian has just become it, the guardian's entry is its own: drop it. */
export async function enterSupervisor(table: ProcessTable, pid: number): Promise<void> {
  const guardian = await table.get(guardianName);
  if (guardian?.pid === pid) await table.delete(guardianName);
  await table.set(supervisorName, pid);
}
