import { keyOf } from '@kubephant/api';
import { newMetrics, silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newFakeRecorder, type FakeRecorder } from '@kubephant/controller/testing';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import { newInformers } from '@kubephant/informer';
import { isDeepStrictEqual } from 'node:util';
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
  const cluster = withAnnotatedStatus(newFakeCluster(clock));
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

/** The API server takes annotations that come with a status; the fake cluster alone would keep those it has. */
function withAnnotatedStatus(cluster: FakeCluster): FakeCluster {
  const resource: FakeCluster['client']['resource'] = (ref) => {
    const inner = cluster.client.resource(ref);
    const update: typeof inner.update = async (obj, signal, options) => {
      const updated = await inner.update(obj, signal, options);
      const { annotations } = obj.metadata;
      if (options?.subresource !== 'status' || isDeepStrictEqual(annotations, updated.metadata.annotations))
        return updated;
      return cluster.change(ref, keyOf(updated), ({ metadata }) => {
        if (annotations) metadata.annotations = { ...annotations };
        else delete metadata.annotations;
      });
    };
    return new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === 'update') return update;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };
  return { ...cluster, client: { ...cluster.client, resource } };
}
