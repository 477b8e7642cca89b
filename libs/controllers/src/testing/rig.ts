import { newMetrics, silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newFakeRecorder, type FakeRecorder } from '@kubephant/controller/testing';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import { newInformers } from '@kubephant/informer';
import type { ControllerContext } from '../common/context';

/** A controller at work on a fake cluster whose time stands still unless told otherwise. */
export interface Rig {
  readonly clock: FakeClock;
  readonly cluster: FakeCluster;
  readonly recorder: FakeRecorder;
  readonly context: ControllerContext;
  /** Lets everything that is due happen, then `ms` more. */
  settle(ms?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Seeds the cluster with `prepare`, then runs the controllers until `stop`. */
export async function newRig(
  run: (context: ControllerContext, signal: AbortSignal) => Promise<void>,
  prepare: (cluster: FakeCluster) => void = () => undefined,
): Promise<Rig> {
  const clock = newFakeClock(Date.parse('2026-01-01T00:00:00Z'));
  const cluster = newFakeCluster(clock);
  prepare(cluster);
  const recorder = newFakeRecorder();
  const informers = newInformers(cluster.client, { clock, log: silent });
  const context: ControllerContext = {
    client: cluster.client,
    informers,
    recorder,
    clock,
    log: silent,
    metrics: newMetrics(),
    workers: 1,
  };
  const stop = new AbortController();
  const running = Promise.all([run(context, stop.signal), informers.run(stop.signal)]);
  const rig: Rig = {
    clock,
    cluster,
    recorder,
    context,
    async settle(ms = 50) {
      for (let i = 0; i < 30; i++) await clock.advance(0);
      await clock.advance(ms);
      for (let i = 0; i < 30; i++) await clock.advance(0);
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
  await rig.settle();
  return rig;
}
