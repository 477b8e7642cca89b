import type { JobStatus } from '@kubephant/schema';

export type JobConditionType = 'Suspended' | 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet';

export const isTrue = (status: JobStatus | undefined, type: JobConditionType): boolean =>
  (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');

/** Whether a Job is over, however it ended. */
export const isFinished = (status: JobStatus | undefined): boolean =>
  isTrue(status, 'Complete') || isTrue(status, 'Failed');
