import { is } from '@kubephant/api';
import { newGroup, type Clock, type Group, type Logger } from '@kubephant/base';
import { pods as podsRef, type Client } from '@kubephant/client';
import type { EventRecorder } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Node, Pod } from '@kubephant/schema';
import { newCache, type Cache } from './framework/cache';
import { decide, type Decision } from './framework/cycle';
import type { CycleState, WeightedPlugin } from './framework/interfaces';
import { newSchedulingQueue, type QueuedPod, type SchedulingQueue } from './framework/queue';
import { feed } from './feed';
import { reportSizes, type AttemptResult, type SchedulerMetrics } from './metrics';
import { unschedulableCondition } from './condition';

export const defaultSchedulerName = 'default-scheduler';

export interface SchedulerDeps {
  readonly client: Client;
  readonly pods: SharedInformer<Pod>;
  readonly nodes: SharedInformer<Node>;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: SchedulerMetrics;
  readonly random?: () => number;
}

export interface SchedulerConfig {
  readonly plugins: readonly WeightedPlugin[];
  readonly schedulerName?: string;
}

const flushMs = 1_000;

/** Gives every pending pod that names this scheduler a node, one decision at a time; bindings run beside the next decisions. */
export async function runScheduler(deps: SchedulerDeps, config: SchedulerConfig, signal: AbortSignal): Promise<void> {
  const plugins = config.plugins.map(({ plugin }) => plugin);
  const queue = newSchedulingQueue({ clock: deps.clock, plugins });
  const scheduler: Scheduler = { deps, config, cache: newCache(), queue, metrics: deps.metrics };
  feed(deps, scheduler, config.schedulerName ?? defaultSchedulerName);
  const group = newGroup(signal);
  group.go('flush', (stop) => runFlush(scheduler, stop));
  group.go('schedule', async (stop) => {
    await Promise.all([deps.pods.synced(stop), deps.nodes.synced(stop)]);
    deps.log.info('caches are synced; scheduling');
    const bindings = newGroup(stop);
    for (let entry = await queue.pop(); entry; entry = await queue.pop()) scheduleOne(scheduler, entry, bindings);
    await bindings.wait();
  });
  await group.wait();
}

export interface Scheduler {
  readonly deps: SchedulerDeps;
  readonly config: SchedulerConfig;
  readonly cache: Cache;
  readonly queue: SchedulingQueue;
  readonly metrics: SchedulerMetrics;
}

async function runFlush({ deps, queue, cache, metrics }: Scheduler, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    queue.flush();
    reportSizes(metrics, queue.lengths(), cache.size);
    await deps.clock.sleep(flushMs, signal);
  }
  queue.close();
}

function scheduleOne(scheduler: Scheduler, entry: QueuedPod, bindings: Group): void {
  const { deps, config, cache, metrics } = scheduler;
  const startMs = deps.clock.now();
  const attempt: Attempt = { entry, startMs };
  let decision: Decision;
  try {
    decision = decide(config.plugins, entry.pod, cache.snapshot(), deps.random ?? Math.random);
  } catch (err) {
    bindings.go('error', (signal) =>
      fail(scheduler, attempt, { reason: 'SchedulerError', message: String(err) }, signal),
    );
    return;
  }
  metrics.algorithmDuration.observe((deps.clock.now() - startMs) / 1000);
  if (decision.kind === 'unschedulable') {
    const { message, rejectedBy } = decision;
    bindings.go('unschedulable', (signal) =>
      fail(scheduler, attempt, { reason: 'Unschedulable', message, rejectedBy }, signal),
    );
    return;
  }
  const { nodeName, state } = decision;
  // Assumed at once, so that the next decision counts this pod; the binding takes its time.
  cache.assume(entry.pod, nodeName);
  bindings.go('bind', (signal) => bind(scheduler, attempt, { nodeName, state }, signal));
}

interface Attempt {
  readonly entry: QueuedPod;
  readonly startMs: number;
}

async function bind(
  scheduler: Scheduler,
  attempt: Attempt,
  to: { nodeName: string; state: CycleState },
  signal: AbortSignal,
): Promise<void> {
  const { deps, config, cache, queue, metrics } = scheduler;
  const { pod, attempts, firstTriedAtMs } = attempt.entry;
  const { namespace, name, uid } = pod.metadata;
  try {
    const refusal = reserve(config.plugins, pod, to);
    if (refusal !== undefined) throw new Error(refusal);
    for (const { plugin } of config.plugins) await plugin.bind?.(pod, to.nodeName, signal);
  } catch (err) {
    for (const { plugin } of config.plugins) plugin.unreserve?.(to.state, pod, to.nodeName);
    cache.forget(uid);
    // Room that was assumed to be taken is free again.
    queue.move('PodDelete');
    await fail(scheduler, attempt, { reason: 'SchedulerError', message: String(err), error: err }, signal);
    return;
  }
  queue.done(uid);
  deps.log.v(2).info('bound', { pod: `${namespace ?? ''}/${name}`, node: to.nodeName, attempts });
  deps.recorder.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace ?? ''}/${name} to ${to.nodeName}`);
  observe(scheduler, attempt, 'scheduled');
  metrics.podAttempts.observe(attempts);
  metrics.podSli.observe(
    { attempts: String(Math.min(attempts, 16)) },
    (deps.clock.now() - (firstTriedAtMs ?? attempt.startMs)) / 1000,
  );
}

function reserve(
  plugins: readonly WeightedPlugin[],
  pod: Pod,
  { state, nodeName }: { state: CycleState; nodeName: string },
): string | undefined {
  for (const { plugin } of plugins) {
    const verdict = plugin.reserve?.(state, pod, nodeName) ?? plugin.permit?.(state, pod, nodeName);
    if (verdict) return verdict.reasons.join(', ');
  }
  return undefined;
}

interface Failure {
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  readonly rejectedBy?: ReadonlySet<string>;
  readonly error?: unknown;
}

/** Puts the pod back, and tells people why: an event and the PodScheduled condition. */
async function fail(scheduler: Scheduler, attempt: Attempt, failure: Failure, signal: AbortSignal): Promise<void> {
  const { deps, queue } = scheduler;
  const { pod } = attempt.entry;
  const { namespace, name, uid } = pod.metadata;
  observe(scheduler, attempt, failure.reason === 'Unschedulable' ? 'unschedulable' : 'error');
  if (failure.error !== undefined && is('NotFound', failure.error)) {
    queue.done(uid);
    return;
  }
  queue.giveUp(attempt.entry, failure.rejectedBy ?? new Set());
  deps.log.v(1).info('could not schedule', {
    pod: `${namespace ?? ''}/${name}`,
    reason: failure.reason,
    message: failure.message,
  });
  deps.recorder.event(pod, 'Warning', 'FailedScheduling', failure.message);
  const condition = unschedulableCondition(pod, failure, new Date(deps.clock.now()));
  if (!condition) return;
  try {
    const patch = { type: 'strategic', body: { metadata: { uid }, status: { conditions: [condition] } } } as const;
    await deps.client.resource(podsRef).patch({ namespace, name }, patch, signal, { subresource: 'status' });
  } catch (err) {
    // The condition is news, not state that anything waits for: the next attempt writes it again.
    if (!signal.aborted && !is('NotFound', err))
      deps.log.error('could not update the PodScheduled condition', err, { pod: `${namespace ?? ''}/${name}` });
  }
}

function observe({ deps, metrics, config }: Scheduler, { startMs }: Attempt, result: AttemptResult): void {
  const labels = { result, profile: config.schedulerName ?? defaultSchedulerName };
  metrics.attempts.inc(labels);
  metrics.attemptDuration.observe(labels, (deps.clock.now() - startMs) / 1000);
}
