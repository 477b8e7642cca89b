import type { ObjectKey } from '@kubephant/api';
import { newGroup } from '@kubephant/base';
import { runController, type Source } from '@kubephant/controller';
import type { ControllerContext } from '../common/context';
import { every } from '../common/every';
import { QuotaReconciler, type Queue } from './reconciler';

/** How often the server is asked whether it still has what is counted. */
const followMs = 30_000;

const queues: readonly Queue[] = ['priority', 'primary'];

export interface ResourceQuotaConfig {
  /** How often everything is counted anew; 0: never. */
  readonly syncPeriodMs: number;
}

/** Upstream's default. */
export const defaultResourceQuota: ResourceQuotaConfig = { syncPeriodMs: 5 * 60_000 };

/** Says in every quota what it limits and how much of that is used. What objects free is handed back at once. */
export async function runResourceQuotaController(
  context: ControllerContext,
  { syncPeriodMs }: ResourceQuotaConfig,
  signal: AbortSignal,
): Promise<void> {
  const group = newGroup(signal);
  const enqueue: Record<Queue, (key: ObjectKey) => void> = { priority: () => undefined, primary: () => undefined };
  const reconciler = new QuotaReconciler(context, group, (queue, key) => enqueue[queue](key));
  const { log, clock, queueMetrics, workers } = context;
  for (const queue of queues) {
    const source: Source = {
      start: (add) => void (enqueue[queue] = add),
      synced: (waiting) => reconciler.quotas.synced(waiting),
    };
    const spec = { name: `resourcequota_${queue}`, sources: [source], reconciler, workers };
    group.go(spec.name, (s) => runController(spec, { log, clock, ...(queueMetrics && { metrics: queueMetrics }) }, s));
  }
  reconciler.start();
  if (syncPeriodMs > 0) group.go('resync', (s) => every(context, syncPeriodMs, () => reconciler.recountAll(), s));
  group.go('discovery', (s) => every(context, followMs, () => reconciler.follow(s), s));
  await group.wait();
}
