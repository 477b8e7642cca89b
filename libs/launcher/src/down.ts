import type { Layout } from './layout';
import { withLock } from './lock';
import { removeNetwork } from './network';
import { startedProcesses, stopNodes, surplusNodes } from './node-removal';
import type { Progress } from './progress';
import { guardianName, openProcessTable, stopProcess, supervisorName } from './supervisor';

/** Stops the cluster and leaves nothing but its data: no process, mount, control group, namespace, bridge or nftables table. */
export async function down(layout: Layout, progress: Progress, signal: AbortSignal): Promise<void> {
  const { dataDir, runtime } = layout.options;
  await withLock(dataDir, async () => {
    const table = openProcessTable(layout.directories.run);
    for (const name of [guardianName, supervisorName]) await stopProcess(table, { name }, signal);
    const started = await startedProcesses(layout, table);
    await stopNodes([...layout.nodes, ...(await surplusNodes(layout))], started, progress, signal);
    await progress.step('control plane stopped', async () => {
      for (const spec of started.specs.toReversed()) await stopProcess(table, spec, signal);
    });
    if (runtime === 'containerd') await progress.step('networks removed', () => removeNetwork(layout));
  });
}
