import type { Pod, Service } from '@kubephant/schema';
import { newTriggerTimes } from './trigger-time';

const service = (at: string): Service => ({ metadata: { name: 'web', creationTimestamp: at } }) as Service;
const pod = (name: string, at: string): Pod =>
  ({ metadata: { name }, status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }] } }) as Pod;
const [t0, t1, t2, t3] = [0, 1, 2, 3].map((second) => `2026-01-01T00:00:0${second}Z`) as [
  string,
  string,
  string,
  string,
];

describe('the time of the change that a sync makes known', () => {
  it.each<[string, readonly (readonly [Service, readonly Pod[]])[], string | undefined]>([
    ['of a new service without pods is when it came', [[service(t2), []]], t2],
    ['of a new service is when it came, whatever its pods', [[service(t2), [pod('a', t0), pod('b', t3)]]], t2],
    [
      'is when the first of several pods changed',
      [
        [service(t0), []],
        [service(t0), [pod('a', t2), pod('b', t1)]],
      ],
      t1,
    ],
    [
      'does not know of pods that were told of already',
      [
        [service(t0), []],
        [service(t0), [pod('a', t1)]],
        [service(t0), [pod('a', t1), pod('b', t3)]],
      ],
      t3,
    ],
    [
      'is unknown when a pod went',
      [
        [service(t0), []],
        [service(t0), [pod('a', t1)]],
        [service(t0), []],
      ],
      undefined,
    ],
    [
      'is that of a service made anew',
      [
        [service(t0), [pod('a', t1)]],
        [service(t3), [pod('a', t1)]],
      ],
      t3,
    ],
  ])('%s', (_, syncs, expected) => {
    const times = newTriggerTimes();
    expect(syncs.map(([obj, pods]) => times.next('ns/web', obj, pods)).at(-1)).toBe(expected);
  });

  it('forgets services that are gone', () => {
    const times = newTriggerTimes();
    times.next('ns/web', service(t0), []);
    times.forget('ns/web');
    expect(times.next('ns/web', service(t1), [pod('a', t0)])).toBe(t1);
  });
});
