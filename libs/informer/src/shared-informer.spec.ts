import { StatusError, type Draft } from '@kubephant/api';
import { newGroup, silent, type Group } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { pods } from '@kubephant/client';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import type { Pod } from '@kubephant/schema';
import type { SharedInformer } from './informer';
import { newInformers } from './informers';

const pod = (name: string, namespace = 'ns'): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { containers: [] },
});

interface Rig {
  readonly clock: FakeClock;
  readonly cluster: FakeCluster;
  readonly informer: SharedInformer<Pod>;
  readonly events: string[];
  readonly group: Group;
}

/** An informer of pods over a cluster with pods `a` and `b`, running and synced. */
async function newRig(prepare: (cluster: FakeCluster) => void = () => undefined): Promise<Rig> {
  const clock = newFakeClock();
  const cluster = newFakeCluster(clock);
  cluster.seed(pods, pod('a'));
  cluster.seed(pods, pod('b'));
  prepare(cluster);
  const informers = newInformers(cluster.client, { clock, log: silent });
  const informer = informers.of(pods);
  const events: string[] = [];
  informer.addEventHandler({
    onAdd: (obj) => events.push(`add ${obj.metadata.name}`),
    onUpdate: (old, obj) =>
      events.push(`update ${obj.metadata.name} ${String(old.status?.phase)}>${String(obj.status?.phase)}`),
    onDelete: (obj) => events.push(`delete ${obj.metadata.name}`),
  });
  const group = newGroup();
  group.go('informers', informers.run);
  for (let i = 0; i < 5 && !informer.hasSynced; i++) await clock.advance(2000);
  await informers.synced(group.signal);
  return { clock, cluster, informer, events, group };
}

const stop = async ({ group, clock }: Rig): Promise<void> => {
  group.stop();
  await group.wait();
  expect(clock.sleepers).toBe(0);
};

const calls = ({ cluster }: Rig): string[] => cluster.calls.map(({ verb }) => verb);

describe('a shared informer', () => {
  it('tells handlers of the first state and of every change', async () => {
    const rig = await newRig();
    rig.cluster.change(pods, { namespace: 'ns', name: 'a' }, (obj) => (obj.status = { phase: 'Running' }));
    await rig.cluster.client.resource(pods).delete({ namespace: 'ns', name: 'b' }, rig.group.signal);
    rig.cluster.seed(pods, pod('c'));
    await rig.clock.advance(0);
    expect(rig.events).toEqual(['add a', 'add b', 'update a undefined>Running', 'delete b', 'add c']);
    expect(rig.informer.lister.list('ns').map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
    await stop(rig);
  });

  it('shows a late handler what is there', async () => {
    const rig = await newRig();
    const seen: string[] = [];
    rig.informer.addEventHandler({ onAdd: (obj) => seen.push(obj.metadata.name) });
    expect(seen).toEqual(['a', 'b']);
    await stop(rig);
  });

  it('goes on where it was when a watch ends', async () => {
    const rig = await newRig();
    await rig.clock.advance(5000);
    rig.cluster.endWatches();
    rig.cluster.seed(pods, pod('c'));
    await rig.clock.advance(0);
    await rig.clock.advance(5000);
    expect([rig.events.at(-1), calls(rig)]).toEqual(['add c', ['list', 'watch', 'watch']]);
    await stop(rig);
  });

  it('does not spin on watches that end at once', async () => {
    const rig = await newRig();
    for (let i = 0; i < 10; i++) {
      rig.cluster.endWatches();
      await rig.clock.advance(10);
    }
    expect(calls(rig)).toEqual(['list', 'watch', 'watch']);
    await stop(rig);
  });

  it('lists again when its revision has expired, and tells only what changed', async () => {
    const rig = await newRig();
    rig.cluster.failNext('watch', pods, new Error('reset'));
    rig.cluster.endWatches();
    await rig.clock.advance(0);
    rig.events.length = 0;
    const api = rig.cluster.client.resource(pods);
    await api.delete({ namespace: 'ns', name: 'a' }, rig.group.signal);
    await api.create(pod('a'), rig.group.signal);
    await api.delete({ namespace: 'ns', name: 'b' }, rig.group.signal);
    rig.cluster.compact();
    await rig.clock.advance(30_000);
    expect(rig.events).toEqual(['delete a', 'add a', 'delete b']);
    rig.cluster.seed(pods, pod('d'));
    await rig.clock.advance(0);
    expect(rig.events.at(-1)).toBe('add d');
    await stop(rig);
  });

  it.each([
    ['forbidden', new StatusError('Forbidden', 'no')],
    ['refused', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
  ])('keeps trying when the first list is %s', async (_, error) => {
    const rig = await newRig((cluster) => {
      cluster.failNext('list', pods, error);
      cluster.failNext('list', pods, error);
    });
    expect(calls(rig)).toEqual(['list', 'list', 'list', 'watch']);
    await stop(rig);
  });

  it('lets a wait for the first list be aborted', async () => {
    const clock = newFakeClock();
    const informer = newInformers(newFakeCluster(clock).client, { clock, log: silent }).of(pods);
    const controller = new AbortController();
    const waiting = informer.synced(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow();
  });
});

it('informers are shared by resource and selection', () => {
  const clock = newFakeClock();
  const informers = newInformers(newFakeCluster(clock).client, { clock, log: silent });
  expect(informers.of(pods)).toBe(informers.of(pods));
  expect(informers.of(pods, { fieldSelector: 'spec.nodeName=n' })).not.toBe(informers.of(pods));
});
