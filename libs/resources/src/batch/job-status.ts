import type { Job, JobStatus } from '@kubephant/schema';
import { duplicate, invalidAltogether, invalidValue, required, type Causes } from '../validation/causes';
import { each, equal, notNegative, when } from '../validation/checks';
import { at } from '../validation/path';
import { isTrue } from './job-conditions';
import { aspectOf, stateOf, statusRules, type JobState } from './job-status-rules';

const path = at('status');
const conditions = path.child('conditions');

const counts = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;

/** Pods that ended and are not counted yet, each once. */
function validateUncounted({ uncountedTerminatedPods: pods }: JobStatus): Causes {
  const where = path.child('uncountedTerminatedPods');
  const seen = new Set<string>();
  return (['succeeded', 'failed'] as const).flatMap((field) =>
    each(pods?.[field], where.child(field), (uid, here) => {
      if (uid === '') return [invalidValue(here, uid, 'must not be empty')];
      const isKnown = seen.has(uid);
      seen.add(uid);
      return when(isKnown, () => duplicate(here, uid));
    }),
  );
}

const isChanged = (now: JobState, before: JobState, about: Parameters<typeof aspectOf>[1]): boolean =>
  !equal(aspectOf(now, about), aspectOf(before, about));

const followRules = (now: JobState, before: JobState): Causes =>
  statusRules.flatMap((rule) => {
    const isAsked = rule.about.length === 0 || rule.about.some((aspect) => isChanged(now, before, aspect));
    return (isAsked ? rule.find(now) : undefined) ?? [];
  });

const lasting = ['Failed', 'Complete', 'FailureTarget'] as const;

/** An indexed Job whose completions and parallelism are one may shrink, and then forgets what succeeded above. */
const mayForget = ({ spec }: JobState): boolean =>
  spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;

function validateCountersGrow(now: JobState, before: JobState): Causes {
  const shrank = (field: 'failed' | 'succeeded'): boolean => (now.status[field] ?? 0) < (before.status[field] ?? 0);
  const reproach = (field: 'failed' | 'succeeded') => () =>
    invalidValue(path.child(field), now.status[field] ?? 0, `cannot decrease the ${field} counter`);
  return [
    ...when(shrank('failed'), reproach('failed')),
    ...when(shrank('succeeded') && !mayForget(now), reproach('succeeded')),
  ];
}

function validateTimesStay(now: JobState, before: JobState): Causes {
  const { startTime, completionTime } = now.status;
  const { startTime: started, completionTime: completed } = before.status;
  return [
    ...when(Boolean(completionTime && completed) && completionTime !== completed, () =>
      invalidValue(path.child('completionTime'), completionTime, 'completionTime cannot be mutated'),
    ),
    ...when(Boolean(started) && started !== startTime && !now.spec.suspend, () =>
      required(path.child('startTime'), 'startTime cannot be removed for unsuspended job'),
    ),
  ];
}

/** How a status may follow another. */
const validateTransition = (now: JobState, before: JobState): Causes => [
  ...lasting.flatMap((type) =>
    when(isTrue(before.status, type) && !isTrue(now.status, type), () =>
      invalidAltogether(conditions, `cannot disable the terminal ${type}=True condition`),
    ),
  ),
  ...validateCountersGrow(now, before),
  ...validateTimesStay(now, before),
  ...when(before.criteriaMet && !now.criteriaMet, () =>
    invalidAltogether(conditions, 'cannot disable the SuccessCriteriaMet=True condition'),
  ),
  ...when(before.complete && !before.criteriaMet && now.criteriaMet, () =>
    invalidAltogether(conditions, 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'),
  ),
];

export function validateJobStatus(job: Job, old: Job): Causes {
  const now = stateOf(job);
  const before = stateOf(old);
  return [
    ...counts.flatMap((field) => notNegative(now.status[field], path.child(field))),
    ...validateUncounted(now.status),
    ...followRules(now, before),
    ...validateTransition(now, before),
  ];
}
