import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import type { Pod } from '@kubephant/schema';
import { makePod } from '../testing';
import { unresolvable, type SchedulerPlugin } from './interfaces';
import { newSchedulingQueue, type SchedulingQueue } from './queue';

const fit: SchedulerPlugin = { name: 'Fit', requeueOn: ['NodeAdd', 'PodDelete'] };
const gates: SchedulerPlugin = {
  name: 'Gates',
  preEnqueue: ({ spec }) => (spec.schedulingGates?.length ? unresolvable('gated') : undefined),
};

describe('the scheduling queue', () => {
  let clock: FakeClock;
  let queue: SchedulingQueue;
  beforeEach(() => {
    clock = newFakeClock();
    queue = newSchedulingQueue({ clock, plugins: [fit, gates] });
  });

  const popName = async (): Promise<string | undefined> => (await queue.pop())?.pod.metadata.name;
  const fail = async (rejectedBy: readonly string[]): Promise<void> =>
    queue.giveUp((await queue.pop())!, new Set(rejectedBy));

  it('pops the most important pod first, then the oldest', async () => {
    for (const [name, priority] of [
      ['old', 0],
      ['new', 0],
      ['urgent', 10],
    ] as const) {
      queue.set(makePod(name, {}, { priority }));
      await clock.advance(1);
    }
    expect([await popName(), await popName(), await popName()]).toEqual(['urgent', 'old', 'new']);
  });

  it('keeps ten thousand pods in order, also those that change or go while they wait', async () => {
    const pods = Array.from({ length: 10_000 }, (_, i) => makePod(`pod-${i}`, {}, { priority: (i * 7919) % 10 }));
    for (const pod of pods) queue.set(pod);
    const expected = pods
      .map((pod, i) => ({ i, pod: i % 5 === 0 ? { ...pod, spec: { ...pod.spec, priority: 99 } } : pod }))
      .filter(({ i }) => i % 3 !== 0);
    for (const [i, pod] of pods.entries()) if (i % 3 === 0) queue.delete(pod.metadata.uid);
    for (const { i, pod } of expected) if (i % 5 === 0) queue.set(pod);
    expected.sort((a, b) => (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0) || a.i - b.i);
    const popped: (string | undefined)[] = [];
    for (let i = 0; i < expected.length; i++) popped.push(await popName());
    expect(popped).toEqual(expected.map(({ pod }) => pod.metadata.name));
    expect(queue.lengths().active).toBe(0);
  });

  it('waits for a pod when it is empty, and ends when it is closed', async () => {
    const first = popName();
    queue.set(makePod('a'));
    await expect(first).resolves.toBe('a');
    const second = popName();
    queue.close();
    await expect(second).resolves.toBeUndefined();
  });

  it('tries an unschedulable pod again after an event that its plugin asked for, not before its back-off', async () => {
    queue.set(makePod('a'));
    await fail(['Fit']);
    queue.move('NodeUpdate');
    expect(queue.lengths()).toMatchObject({ unschedulable: 1 });
    queue.move('NodeAdd');
    expect(queue.lengths()).toMatchObject({ backoff: 1 });
    await clock.advance(1000);
    queue.flush();
    expect(queue.lengths()).toMatchObject({ active: 1 });
  });

  it('does not lose an event that came while the pod was being tried', async () => {
    queue.set(makePod('a'));
    const entry = (await queue.pop())!;
    queue.move('NodeAdd');
    queue.giveUp(entry, new Set(['Fit']));
    expect(queue.lengths()).toMatchObject({ backoff: 1, unschedulable: 0 });
  });

  it('doubles the back-off up to ten seconds', async () => {
    queue.set(makePod('a'));
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      await fail([]);
      const start = clock.now();
      while (queue.lengths().active === 0) {
        await clock.advance(500);
        queue.flush();
      }
      waits.push(clock.now() - start);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('tries everyone again after five minutes of silence', async () => {
    queue.set(makePod('a'));
    await fail(['Fit']);
    await clock.advance(300_001);
    queue.flush();
    expect(queue.lengths()).toMatchObject({ active: 1 });
  });

  it('keeps a gated pod out until its gates are gone', () => {
    const pod = makePod('a', {}, { schedulingGates: [{ name: 'g' }] });
    queue.set(pod);
    expect(queue.lengths()).toEqual({ active: 0, backoff: 0, unschedulable: 0, gated: 1 });
    const { schedulingGates: _, ...spec } = pod.spec;
    queue.set({ ...pod, spec });
    expect(queue.lengths()).toMatchObject({ active: 1, gated: 0 });
  });

  it('gives an unschedulable pod another chance when its spec changes, not when its status does', async () => {
    const pod: Pod = makePod('a');
    queue.set(pod);
    await fail(['Fit']);
    queue.set({ ...pod, status: { phase: 'Pending' } });
    expect(queue.lengths()).toMatchObject({ unschedulable: 1 });
    queue.set({ ...pod, spec: { ...pod.spec, priority: 1 } });
    expect(queue.lengths()).toMatchObject({ backoff: 1 });
  });

  it('forgets a pod that was deleted while it was being tried', async () => {
    const pod = makePod('a');
    queue.set(pod);
    const entry = (await queue.pop())!;
    queue.delete(pod.metadata.uid);
    queue.giveUp(entry, new Set(['Fit']));
    expect(queue.lengths()).toEqual({ active: 0, backoff: 0, unschedulable: 0, gated: 0 });
  });
});
