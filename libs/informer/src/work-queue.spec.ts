import { newMetrics } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { newWorkQueue } from './work-queue';
import { newWorkQueueMetrics } from './work-queue-metrics';

describe('a work queue', () => {
  it('hands out keys once and in order', async () => {
    const queue = newWorkQueue<string>({ name: 'q', clock: newFakeClock() });
    for (const key of ['a', 'b', 'a', 'c']) queue.add(key);
    expect([await queue.get(), await queue.get(), await queue.get(), queue.length]).toEqual(['a', 'b', 'c', 0]);
  });

  it('gives a key to one worker at a time, and once more when it was added meanwhile', async () => {
    const queue = newWorkQueue<string>({ name: 'q', clock: newFakeClock() });
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    expect(queue.length).toBe(0);
    const next = queue.get();
    queue.done('a');
    expect(await next).toBe('a');
    queue.done('a');
    expect(queue.length).toBe(0);
  });

  it('wakes waiting workers and lets them go on shut down', async () => {
    const queue = newWorkQueue<string>({ name: 'q', clock: newFakeClock() });
    const workers = [queue.get(), queue.get()];
    queue.add('a');
    queue.shutDown();
    queue.add('b');
    expect(await Promise.all(workers)).toEqual(['a', undefined]);
    expect(await queue.get()).toBeUndefined();
  });

  it('delays keys to the earliest time asked for', async () => {
    const clock = newFakeClock();
    const queue = newWorkQueue<string>({ name: 'q', clock });
    queue.addAfter('late', 1000);
    queue.addAfter('early', 100);
    queue.addAfter('late', 500);
    queue.addAfter('early', 900);
    await clock.advance(99);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(await queue.get()).toBe('early');
    await clock.advance(400);
    expect(await queue.get()).toBe('late');
    queue.done('late');
    await clock.advance(1000);
    expect([queue.length, clock.sleepers]).toEqual([0, 0]);
  });

  it('releases many delayed keys in the order of their times', async () => {
    const clock = newFakeClock();
    const queue = newWorkQueue<number>({ name: 'q', clock });
    const times = Array.from({ length: 200 }, (_, i) => (i * 7919) % 200);
    for (const ms of times) queue.addAfter(ms, ms + 1);
    await clock.advance(1000);
    const order: (number | undefined)[] = [];
    while (queue.length > 0) order.push(await queue.get());
    expect(order).toEqual([...times].sort((a, b) => a - b));
  });

  it('backs off per key from 5 ms to 1000 s until it is forgotten', async () => {
    const clock = newFakeClock();
    const queue = newWorkQueue<string>({ name: 'q', clock });
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      const startMs = clock.now();
      queue.addRateLimited('a');
      const next = queue.get();
      for (let ms = 5; queue.length === 0 && clock.sleepers > 0; ms *= 2) await clock.advance(ms);
      await next;
      queue.done('a');
      waits.push(clock.now() - startMs);
    }
    expect(waits.slice(0, 3)).toEqual([5, 15, 35]);
    expect(queue.numRequeues('a')).toBe(20);
    queue.forget('a');
    expect(queue.numRequeues('a')).toBe(0);
  });

  it('leaves no sleeper behind', async () => {
    const clock = newFakeClock();
    const queue = newWorkQueue<string>({ name: 'q', clock });
    queue.addAfter('a', 1000);
    queue.shutDown();
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });

  it('reports itself under the names of upstream', async () => {
    const clock = newFakeClock();
    const metrics = newMetrics();
    const queue = newWorkQueue<string>({ name: 'q', clock, metrics: newWorkQueueMetrics(metrics, clock) });
    for (const key of ['a', 'b']) queue.add(key);
    await clock.advance(2000);
    await queue.get();
    await clock.advance(3000);
    queue.addRateLimited('c');
    const text = await metrics.registry.metrics();
    expect(text.split('\n').filter((line) => /^workqueue_.*(total|depth|seconds|_sum)\{/.test(line))).toEqual([
      'workqueue_depth{name="q"} 1',
      'workqueue_unfinished_work_seconds{name="q"} 3',
      'workqueue_longest_running_processor_seconds{name="q"} 3',
      'workqueue_adds_total{name="q"} 2',
      'workqueue_retries_total{name="q"} 1',
      'workqueue_queue_duration_seconds_sum{name="q"} 2',
    ]);
    queue.shutDown();
  });
});
