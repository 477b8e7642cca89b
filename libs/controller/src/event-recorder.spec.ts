import { StatusError, type KubeObject } from '@kubephant/api';
import { silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { events } from '@kubephant/client';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import { newEventRecorder, type EventRecorder } from './event-recorder';

const pod = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid: `uid-of-${name}`, resourceVersion: '7' },
});

interface Rig {
  readonly clock: FakeClock;
  readonly cluster: FakeCluster;
  readonly recorder: EventRecorder;
  /** `count message` of every event, by message. */
  counts(): string[];
  stop(): Promise<void>;
}

function newRig(): Rig {
  const clock = newFakeClock();
  const cluster = newFakeCluster(clock);
  const recorder = newEventRecorder({ client: cluster.client, clock, log: silent, component: 'tester', host: 'n1' });
  const controller = new AbortController();
  const running = recorder.run(controller.signal);
  return {
    clock,
    cluster,
    recorder,
    counts: () =>
      cluster
        .objects(events)
        .map(({ count, message }) => `${String(count)} ${String(message)}`)
        .sort(),
    async stop() {
      controller.abort();
      await running;
    },
  };
}

describe('an event recorder', () => {
  it('writes what was said of which object', async () => {
    const rig = newRig();
    rig.recorder.event(pod('a'), 'Warning', 'Failed', 'no image');
    await rig.clock.advance(1);
    const [event] = rig.cluster.objects(events);
    expect(event).toMatchObject({
      metadata: { namespace: 'ns', name: expect.stringMatching(/^a\.[0-9a-f]+$/) as string },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'ns',
        name: 'a',
        uid: 'uid-of-a',
        resourceVersion: '7',
      },
      type: 'Warning',
      reason: 'Failed',
      message: 'no image',
      source: { component: 'tester', host: 'n1' },
      firstTimestamp: '1970-01-01T00:00:00Z',
      count: 1,
    });
    await rig.stop();
  });

  it('counts repetitions, also after the event has gone', async () => {
    const rig = newRig();
    for (let i = 0; i < 3; i++) rig.recorder.event(pod('a'), 'Normal', 'Pulled', 'again');
    await rig.clock.advance(1);
    expect(rig.counts()).toEqual(['3 again']);
    const [event] = rig.cluster.objects(events);
    await rig.cluster.client.resource(events).delete(event!.metadata, new AbortController().signal);
    rig.recorder.event(pod('a'), 'Normal', 'Pulled', 'again');
    await rig.clock.advance(1);
    expect(rig.counts()).toEqual(['1 again']);
    await rig.stop();
  });

  it('combines events that differ only in their message', async () => {
    const rig = newRig();
    for (let i = 0; i < 15; i++) rig.recorder.event(pod('a'), 'Normal', 'Pulled', `message ${i}`);
    await rig.clock.advance(1);
    expect(rig.counts()).toHaveLength(10);
    expect(rig.counts()).toContain('6 (combined from similar events): message 14');
    await rig.stop();
  });

  it('lets one object not flood the rest', async () => {
    const rig = newRig();
    for (let i = 0; i < 100; i++) rig.recorder.event(pod('a'), 'Normal', 'Pulled', 'spam');
    rig.recorder.event(pod('b'), 'Normal', 'Pulled', 'calm');
    await rig.clock.advance(1);
    expect(rig.counts()).toEqual(['1 calm', '25 spam']);
    await rig.clock.advance(5 * 60_000);
    rig.recorder.event(pod('a'), 'Normal', 'Pulled', 'spam');
    await rig.clock.advance(1);
    expect(rig.counts()).toEqual(['1 calm', '26 spam']);
    await rig.stop();
  });

  it('tries again while the server is away, and gives up on what it refuses', async () => {
    const rig = newRig();
    rig.cluster.failNext('create', events, new Error('away'));
    rig.cluster.failNext('create', events, new StatusError('Forbidden', 'namespace is ending'));
    rig.recorder.event(pod('a'), 'Normal', 'Pulled', 'first');
    rig.recorder.event(pod('a'), 'Normal', 'Pulled', 'second');
    await rig.clock.advance(5000);
    expect(rig.counts()).toEqual(['1 second']);
    await rig.stop();
  });
});
