import { timestamp, type ObjectKey } from '@kubephant/api';
import { pods } from '@kubephant/client';
import type { Reconciler, Result } from '@kubephant/controller';
import type { Pod, PodCondition } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { conditionOf, isTerminal } from '../common/pods';
import { unlessGone } from '../nodelifecycle/patches';

const type = 'DisruptionTarget';
const staleMs = 2 * 60_000;

/** What says that the pod is about to be disrupted, though nobody has deleted it. A kubelet may take its time. */
function markOf(pod: Pod): PodCondition | undefined {
  const condition = conditionOf(pod, type);
  const isOpen = !pod.metadata.deletionTimestamp && !isTerminal(pod.status?.phase);
  return isOpen && condition?.status === 'True' && condition.reason !== 'TerminationByKubelet' ? condition : undefined;
}

export const isMarked = (pod: Pod): boolean => markOf(pod) !== undefined;

/** Takes back what was said of pods that nobody deleted after all. */
export class StaleMarks implements Reconciler {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const { informers, client, clock } = this.#context;
    const pod = informers.of(pods).lister.get(key);
    const mark = pod && markOf(pod);
    if (!mark) return undefined;
    const leftMs = Date.parse(mark.lastTransitionTime ?? '') + staleMs - clock.now();
    if (leftMs > 0) return { requeueAfterMs: leftMs };
    const { generation, uid, resourceVersion } = pod.metadata;
    const lastTransitionTime = timestamp(clock.now());
    const condition = {
      type,
      status: 'False',
      observedGeneration: generation,
      lastTransitionTime,
      reason: null,
      message: null,
    };
    const body = { metadata: { uid, resourceVersion }, status: { conditions: [condition] } };
    await unlessGone(client.resource(pods).patch(key, { type: 'strategic', body }, signal, { subresource: 'status' }));
    return undefined;
  }
}
