import type { ProcessSpec } from './process-spec';
import type { ProcessTable } from './process-table';

export const supervisorName = 'supervisor';
export const guardianName = 'guardian';

/**
 * Who supervises the supervisor: a shell of a megabyte that waits until its standard input closes, which happens when
 * the supervisor ends, and then becomes the next one. The supervisor in turn restarts the guardian, so that either may
 * be killed.
 */
export function guardianSpec(argv: readonly string[]): ProcessSpec {
  const script = 'while read -r _; do :; done; exec "$@" </dev/null';
  return { name: guardianName, argv: ['/bin/sh', '-c', script, guardianName, ...argv], lifeline: true };
}

/** Enters this process as the supervisor. When the guardian has just become it, the guardian's entry is its own: drop it. */
export async function enterSupervisor(table: ProcessTable, pid: number): Promise<void> {
  const guardian = await table.get(guardianName);
  if (guardian?.pid === pid) await table.delete(guardianName);
  await table.set(supervisorName, pid);
}
