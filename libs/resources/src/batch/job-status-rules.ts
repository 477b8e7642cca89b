import type { Job, JobSpec, JobStatus } from '@kubephant/schema';
import { invalidAltogether, invalidValue, required, type Causes } from '../validation/causes';
import { goForm } from '../validation/go-form';
import { at } from '../validation/path';
import { firstCommonIndex, parseIndexes } from './indexes';
import { isFinished, isTrue } from './job-conditions';

/** A status and what follows from it. */
export interface JobState {
  readonly spec: JobSpec;
  readonly status: JobStatus;
  readonly finished: boolean;
  readonly complete: boolean;
  readonly failed: boolean;
  readonly failureTarget: boolean;
  readonly criteriaMet: boolean;
}

export const stateOf = ({ spec, status = {} }: Job): JobState => ({
  spec,
  status,
  finished: isFinished(status),
  complete: isTrue(status, 'Complete'),
  failed: isTrue(status, 'Failed'),
  failureTarget: isTrue(status, 'FailureTarget'),
  criteriaMet: isTrue(status, 'SuccessCriteriaMet'),
});

type Aspect = Exclude<keyof JobState, 'spec' | 'status'> | keyof JobStatus;

/**
 * What a status must not say. A rule holds only where one of the aspects it is about changed, since the spec may have
 * moved under an old status; without aspects it always holds.
 */
export interface StatusRule {
  readonly about: readonly Aspect[];
  find(state: JobState): Causes[number] | undefined;
}

type Broken = (state: JobState) => boolean;

const path = at('status');
const rule = (about: readonly Aspect[], broken: Broken, cause: StatusRule['find']): StatusRule => ({
  about,
  find: (state) => (broken(state) ? cause(state) : undefined),
});

const conflict = (about: readonly Aspect[], detail: string, broken: Broken): StatusRule =>
  rule(about, broken, () => invalidAltogether(path.child('conditions'), detail));

const invalid = (field: keyof JobStatus, about: readonly Aspect[], detail: string, broken: Broken): StatusRule =>
  rule(about, broken, ({ status }) => invalidValue(path.child(field), status[field], detail));

const missing = (field: keyof JobStatus, about: readonly Aspect[], detail: string, broken: Broken): StatusRule =>
  rule(about, broken, () => required(path.child(field), detail));

const hasUncounted = ({ uncountedTerminatedPods: pods }: JobStatus): boolean =>
  (pods?.failed ?? []).length + (pods?.succeeded ?? []).length > 0;

function wrongIndexes(field: 'completedIndexes' | 'failedIndexes', state: JobState): Causes[number] | undefined {
  const text = state.status[field];
  const { completions } = state.spec;
  const wrong = text === undefined || completions === undefined ? undefined : parseIndexes(text, completions).wrong;
  return wrong === undefined ? undefined : invalidValue(path.child(field), text, `error parsing ${field}: ${wrong}`);
}

function commonIndexes({ status, spec: { completions } }: JobState): Causes[number] | undefined {
  const { completedIndexes, failedIndexes } = status;
  if (completions === undefined || !completedIndexes || !failedIndexes) return undefined;
  const common = firstCommonIndex(
    parseIndexes(completedIndexes, completions),
    parseIndexes(failedIndexes, completions),
  );
  if (common === undefined) return undefined;
  const detail = `failedIndexes and completedIndexes overlap at index: ${common}`;
  return invalidValue(path.child('failedIndexes'), failedIndexes, detail);
}

const isBefore = (a: string | undefined, b: string | undefined): boolean =>
  Boolean(a && b) && Date.parse(a ?? '') < Date.parse(b ?? '');

/** In upstream's order. */
export const statusRules: readonly StatusRule[] = [
  conflict(
    ['complete', 'failed'],
    'cannot set Complete=True and Failed=true conditions',
    ({ complete, failed }) => complete && failed,
  ),
  conflict(
    ['complete', 'failureTarget'],
    'cannot set Complete=True and FailureTarget=true conditions',
    ({ complete, failureTarget }) => complete && failureTarget,
  ),
  invalid(
    'completionTime',
    ['complete', 'completionTime'],
    'cannot set completionTime when there is no Complete=True condition',
    ({ status, complete }) => Boolean(status.completionTime) && !complete,
  ),
  missing(
    'completionTime',
    ['complete', 'completionTime'],
    'completionTime is required for Complete jobs',
    ({ status, complete }) => !status.completionTime && complete,
  ),
  invalid(
    'completionTime',
    ['startTime', 'completionTime'],
    'completionTime cannot be set before startTime',
    ({ status }) => isBefore(status.completionTime, status.startTime),
  ),
  conflict(
    ['failed', 'failureTarget'],
    'cannot set Failed=True condition without the FailureTarget=true condition',
    ({ failed, failureTarget }) => failed && !failureTarget,
  ),
  conflict(
    ['complete', 'criteriaMet'],
    'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
    ({ complete, criteriaMet }) => complete && !criteriaMet,
  ),
  invalid(
    'active',
    ['finished', 'active'],
    'active>0 is invalid for finished job',
    ({ status, finished }) => finished && (status.active ?? 0) > 0,
  ),
  missing(
    'startTime',
    ['finished', 'startTime'],
    'startTime is required for finished job',
    ({ status, finished }) => finished && !status.startTime,
  ),
  rule(
    ['finished', 'uncountedTerminatedPods'],
    ({ status, finished }) => finished && hasUncounted(status),
    ({ status }) =>
      invalidValue(
        path.child('uncountedTerminatedPods'),
        goForm('io.k8s.api.batch.v1.UncountedTerminatedPods', status.uncountedTerminatedPods),
        'uncountedTerminatedPods needs to be empty for finished job',
      ),
  ),
  { about: ['completedIndexes'], find: (state) => wrongIndexes('completedIndexes', state) },
  rule(
    ['failedIndexes'],
    ({ spec }) => spec.backoffLimitPerIndex !== undefined,
    (state) => wrongIndexes('failedIndexes', state),
  ),
  invalid(
    'completedIndexes',
    ['completedIndexes'],
    'cannot set non-empty completedIndexes when non-indexed completion mode',
    ({ status, spec }) => Boolean(status.completedIndexes) && spec.completionMode !== 'Indexed',
  ),
  invalid(
    'failedIndexes',
    ['failedIndexes'],
    'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
    ({ status, spec }) => spec.backoffLimitPerIndex === undefined && status.failedIndexes !== undefined,
  ),
  { about: ['failedIndexes', 'completedIndexes'], find: commonIndexes },
  invalid(
    'terminating',
    ['finished', 'terminating'],
    'terminating>0 is invalid for finished job',
    ({ status, finished }) => finished && (status.terminating ?? 0) > 0,
  ),
  invalid(
    'ready',
    ['ready', 'active'],
    'cannot set more ready pods than active',
    ({ status }) => status.ready !== undefined && status.ready > (status.active ?? 0),
  ),
  conflict(
    [],
    'cannot set SuccessCriteriaMet=True and Failed=true conditions',
    ({ criteriaMet, failed }) => criteriaMet && failed,
  ),
  conflict(
    [],
    'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions',
    ({ criteriaMet, failureTarget }) => criteriaMet && failureTarget,
  ),
  conflict(
    [],
    'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
    ({ spec, criteriaMet, complete }) => Boolean(spec.successPolicy) && complete && !criteriaMet,
  ),
];

/** The value of an aspect, to tell whether it changed. */
export const aspectOf = (state: JobState, aspect: Aspect): unknown =>
  aspect in state ? state[aspect as keyof JobState] : state.status[aspect as keyof JobStatus];
