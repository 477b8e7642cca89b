import { conflict } from '@kubephant/api';
import { newGroup, newMetrics, silent, systemClock, type Group } from '@kubephant/base';
import { nodes, pods } from '@kubephant/client';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import { newFakeRecorder, type FakeRecorder } from '@kubephant/controller/testing';
import { newInformers } from '@kubephant/informer';
import type { Pod } from '@kubephant/schema';
import { setImmediate } from 'node:timers/promises';
import { defaultPlugins } from './plugins';
import { newSchedulerMetrics } from './metrics';
import { runScheduler } from './scheduler';
import { makeNode, makePod } from './testing';

describe('the scheduler', () => {
  let cluster: FakeCluster;
  let recorder: FakeRecorder;
  let group: Group;
  /** One term of leadership. */
  let term: AbortController;
  let start: () => void;

  beforeEach(() => {
    cluster = newFakeCluster();
    recorder = newFakeRecorder();
    group = newGroup();
    const { client } = cluster;
    const clock = systemClock;
    const informers = newInformers(client, { clock, log: silent });
    const deps = {
      client,
      pods: informers.of(pods),
      nodes: informers.of(nodes),
      recorder,
      clock,
      log: silent,
      metrics: newSchedulerMetrics(newMetrics()),
    };
    group.go('informers', informers.run);
    start = () =>
      group.go('scheduler', (signal) =>
        runScheduler(
          deps,
          { plugins: defaultPlugins(client, () => undefined) },
          AbortSignal.any([signal, term.signal]),
        ),
      );
    term = new AbortController();
    start();
  });
  afterEach(async () => {
    group.stop();
    await group.wait();
  });

  const pod = (name: string): Pod | undefined => cluster.get(pods, { namespace: 'default', name });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await setImmediate();
  };
  const add = ({ metadata: { name, namespace }, ...rest }: Pod): Pod =>
    cluster.seed(pods, { ...rest, metadata: { name, ...(namespace && { namespace }) } });

  it('binds a pod and says so', async () => {
    cluster.seed(nodes, makeNode('a'));
    add(makePod('p', { cpu: '1' }));
    await until(() => pod('p')?.spec.nodeName === 'a');
    await until(() => recorder.said.length > 0);
    expect(recorder.said).toEqual(['Normal Scheduled default/p: Successfully assigned default/p to a']);
  });

  it('says why a pod does not fit, and places it when a node comes that it fits on', async () => {
    cluster.seed(nodes, makeNode('small', { cpu: '500m' }));
    add(makePod('p', { cpu: '1' }));
    const message = '0/1 nodes are available: 1 Insufficient cpu.';
    await until(() => pod('p')?.status?.conditions?.[0]?.message === message);
    expect(pod('p')?.status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ]);
    expect(recorder.said).toEqual([`Warning FailedScheduling default/p: ${message}`]);
    cluster.seed(nodes, makeNode('large'));
    await until(() => pod('p')?.spec.nodeName === 'large');
  });

  it('counts what it has just placed before it decides about the next pod', async () => {
    cluster.seed(nodes, makeNode('a', { cpu: '2' }));
    for (const name of ['p1', 'p2', 'p3']) add(makePod(name, { cpu: '1' }));
    const names = ['p1', 'p2', 'p3'];
    await until(() => names.filter((name) => pod(name)?.spec.nodeName).length === 2);
    await until(() => names.some((name) => pod(name)?.status?.conditions?.[0]?.reason === 'Unschedulable'));
    expect(names.filter((name) => pod(name)?.spec.nodeName)).toHaveLength(2);
  });

  it('gives the room back when a binding fails, and tries again', async () => {
    cluster.seed(nodes, makeNode('a', { cpu: '1' }));
    cluster.failNext('post', pods, conflict({ group: '', resource: 'pods' }, 'p', 'try again'));
    add(makePod('p', { cpu: '1' }));
    await until(() => pod('p')?.spec.nodeName === 'a');
    expect(recorder.said[0]).toContain('Warning FailedScheduling default/p');
  });

  it('leads again after it had lost the lease', async () => {
    cluster.seed(nodes, makeNode('a'));
    term.abort();
    add(makePod('p'));
    term = new AbortController();
    start();
    await until(() => pod('p')?.spec.nodeName === 'a');
  });

  it('leaves pods of other schedulers and finished ones alone', async () => {
    cluster.seed(nodes, makeNode('a'));
    add(makePod('other', {}, { schedulerName: 'mine' }));
    add({ ...makePod('done'), status: { phase: 'Failed' } });
    add(makePod('p'));
    await until(() => pod('p')?.spec.nodeName === 'a');
    expect([pod('other')?.spec.nodeName, pod('done')?.spec.nodeName]).toEqual([undefined, undefined]);
  });
});
