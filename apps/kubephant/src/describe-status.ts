import type { ClusterStatus, Layout } from '@kubephant/launcher';
import { columns } from './columns';

/** What `status` prints, and whether nothing is amiss. */
export function describeStatus(
  { options, ports }: Pick<Layout, 'options' | 'ports'>,
  { apiReady, nodes, processes }: ClusterStatus,
  nowMs: number,
): { readonly text: string; readonly healthy: boolean } {
  const rows = processes.map(({ name, pid, memoryMb = 0, sinceMs = nowMs }) =>
    pid === undefined
      ? [name, 'stopped']
      : [name, 'running', String(pid), `${memoryMb} MiB`, duration(nowMs - sinceMs)],
  );
  const lines = [
    `data       ${options.dataDir}`,
    `database   ${options.databaseUrl === undefined ? 'embedded' : 'external'}`,
    `runtime    ${options.runtime}`,
    `API        https://127.0.0.1:${ports.apiserver} ${apiReady ? 'ready' : 'not ready'}`,
    ...nodes.map(({ name, ready }) => `${name.padEnd(10)} ${ready ? 'ready' : 'not ready'}`),
    '',
    ...columns([['PROGRAM', 'STATE', 'PID', 'MEMORY', 'AGE'], ...rows]),
  ];
  const healthy = apiReady && nodes.every(({ ready }) => ready) && processes.every(({ pid }) => pid !== undefined);
  return { text: `${lines.join('\n')}\n`, healthy };
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? ([1, 's'] as const);
  return `${Math.floor(seconds / size)}${unit}`;
}
