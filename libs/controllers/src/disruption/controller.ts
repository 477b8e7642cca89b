import { keyOf } from '@kubephant/api';
import { newGroup } from '@kubephant/base';
import { pods } from '@kubephant/client';
import { changes, runController, type Reconciler, type Source } from '@kubephant/controller';
import type { ControllerContext } from '../common/context';
import { BudgetReconciler } from './reconciler';
import { isMarked, StaleMarks } from './stale-marks';

/** Says in every budget how many of its pods may go, so that evictions can be charged to it. */
export async function runDisruptionController(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const { informers, log, clock, queueMetrics, workers } = context;
  const group = newGroup(signal);
  const run = (name: string, sources: readonly Source[], reconciler: Reconciler): void =>
    group.go(name, (s) =>
      runController(
        { name, sources, reconciler, workers },
        { log, clock, ...(queueMetrics && { metrics: queueMetrics }) },
        s,
      ),
    );
  const budgets = new BudgetReconciler(context);
  run('disruption', budgets.sources, budgets);
  const marked = changes(informers.of(pods), (pod) => (isMarked(pod) ? [keyOf(pod)] : []));
  run('stale_pod_disruption', [marked], new StaleMarks(context));
  await group.wait();
}
