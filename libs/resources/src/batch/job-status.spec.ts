import type { Job, JobSpec, JobStatus } from '@kubephant/schema';
import { validateJobStatus } from './job-status';

const time = '2026-01-01T00:00:00Z';
const later = '2026-01-01T01:00:00Z';
const is = (...types: readonly string[]): JobStatus['conditions'] & object =>
  types.map((type) => ({ type, status: 'True', lastProbeTime: time, lastTransitionTime: time }));

const job = (status: JobStatus, spec: Partial<JobSpec> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', uid: 'u', resourceVersion: '1' },
  spec: { template: {}, completions: 4, parallelism: 2, completionMode: 'Indexed', ...spec },
  status,
});

interface Change {
  readonly from?: JobStatus;
  readonly to: JobStatus;
  readonly spec?: Partial<JobSpec>;
}

const causesOf = ({ from = {}, to, spec }: Change): readonly string[] =>
  validateJobStatus(job(to, spec), job(from, spec)).map(({ field, message }) => `${field}: ${message}`);

const done: JobStatus = { conditions: is('SuccessCriteriaMet', 'Complete'), startTime: time, completionTime: later };
const failed: JobStatus = { conditions: is('FailureTarget', 'Failed'), startTime: time };

describe('the status of a Job', () => {
  it.each<[string, Change]>([
    ['may say that it runs', { to: { startTime: time, active: 2, ready: 1 } }],
    ['may say that it is done', { from: { startTime: time, active: 1 }, to: done }],
    ['may say that it failed', { from: { startTime: time }, to: failed }],
    ['keeps what was wrong before', { from: { ready: 5 }, to: { ready: 5, succeeded: 1 } }],
    ['may forget its start while it is suspended', { from: { startTime: time }, to: {}, spec: { suspend: true } }],
    [
      'may count fewer successes when an indexed Job shrinks',
      { from: { succeeded: 2 }, to: { succeeded: 1 }, spec: { completions: 2, parallelism: 2 } },
    ],
  ])('%s', (_, change) => {
    expect(causesOf(change)).toEqual([]);
  });

  it.each<[string, Change, readonly string[]]>([
    [
      'does not fail out of the blue',
      { to: { conditions: is('Failed') } },
      [
        'status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition',
        'status.startTime: Required value: startTime is required for finished job',
      ],
    ],
    [
      'does not end both ways',
      { from: failed, to: { ...done, conditions: is('FailureTarget', 'Failed', 'Complete') } },
      [
        'status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions',
        'status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions',
        'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
      ],
    ],
    [
      'is complete at some time after it began',
      { to: { ...done, startTime: later, completionTime: time } },
      [`status.completionTime: Invalid value: "${time}": completionTime cannot be set before startTime`],
    ],
    [
      'leaves nothing behind when it ends',
      { to: { ...done, active: 1, terminating: 1, uncountedTerminatedPods: { failed: ['a'] } } },
      [
        'status.active: Invalid value: 1: active>0 is invalid for finished job',
        'status.uncountedTerminatedPods: Invalid value: {"Succeeded":null,"Failed":["a"]}: uncountedTerminatedPods needs to be empty for finished job',
        'status.terminating: Invalid value: 1: terminating>0 is invalid for finished job',
      ],
    ],
    [
      'is not taken back',
      { from: done, to: { startTime: time } },
      [
        'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
        'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
      ],
    ],
    [
      'does not move its times',
      { from: done, to: { ...done, startTime: later, completionTime: '2026-01-01T02:00:00Z' } },
      [
        'status.completionTime: Invalid value: "2026-01-01T02:00:00Z": completionTime cannot be mutated',
        'status.startTime: Required value: startTime cannot be removed for unsuspended job',
      ],
    ],
    [
      'counts up',
      { from: { failed: 2, succeeded: 2 }, to: { failed: 1, succeeded: 1 } },
      [
        'status.failed: Invalid value: 1: cannot decrease the failed counter',
        'status.succeeded: Invalid value: 1: cannot decrease the succeeded counter',
      ],
    ],
    [
      'counts a pod once',
      { to: { uncountedTerminatedPods: { succeeded: ['a', ''], failed: ['a'] } } },
      [
        'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
        'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
      ],
    ],
    [
      'names indexes that there are, each on one side',
      { to: { completedIndexes: '0-2', failedIndexes: '2,9' }, spec: { backoffLimitPerIndex: 1 } },
      [
        'status.failedIndexes: Invalid value: "2,9": error parsing failedIndexes: too large index: "9"',
        'status.failedIndexes: Invalid value: "2,9": failedIndexes and completedIndexes overlap at index: 2',
      ],
    ],
    [
      'names indexes only where there are some',
      { to: { completedIndexes: '0', failedIndexes: '' }, spec: { completionMode: 'NonIndexed' } },
      [
        'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
        'status.failedIndexes: Invalid value: "": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
      ],
    ],
    [
      'has no more ready pods than active ones',
      { to: { active: -1, ready: 0 } },
      [
        'status.active: Invalid value: -1: must be greater than or equal to 0',
        'status.ready: Invalid value: 0: cannot set more ready pods than active',
      ],
    ],
  ])('%s', (_, change, causes) => {
    expect(causesOf(change)).toEqual(causes);
  });
});
