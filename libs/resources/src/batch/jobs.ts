import type { Job, JobSpec } from '@kubephant/schema';
import { isNewGeneration, nameWarnings } from '../apps/template';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { dropGatedFields } from '../pod-spec/gated';
import { podWarnings } from '../pod-spec/warnings';
import { ageColumn, formatSelector, nameColumn, templateColumns, text, wideText } from '../print/columns';
import { humanDuration } from '../print/duration';
import { at, type Path } from '../validation/path';
import { isTrue, type JobConditionType } from './job-conditions';
import { generateSelector, shareTemplateLabels } from './job-labels';
import { validateJobStatus } from './job-status';
import { validateJobUpdate } from './job-update';
import { manyCompletions, validateJob } from './job-validate';

const unlimited = 2 ** 31 - 1;

/** What holds of templates of Jobs, too. */
export function setJobTemplateDefaults({ template, podFailurePolicy }: JobSpec): void {
  setTemplateDefaults(template);
  for (const { onPodConditions } of podFailurePolicy?.rules ?? [])
    for (const pattern of onPodConditions ?? []) pattern.status ||= 'True';
}

function setDefaults(job: Job): void {
  const { spec } = job;
  setJobTemplateDefaults(spec);
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  spec.manualSelector ??= false;
  shareTemplateLabels(job);
}

const untracked =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, ' +
  'Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

export function jobSpecWarnings(spec: JobSpec, path: Path): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0, template } = spec;
  const isVast = completionMode === 'Indexed' && completions > manyCompletions && parallelism > 10_000;
  return [...(isVast ? [`${path.toString()}: ${untracked}`] : []), ...podWarnings(template, path.child('template'))];
}

const dropFields = ({ spec: { template } }: Job): void => {
  if (template.spec) dropGatedFields(template.spec);
};

const strategy: Strategy<Job> = {
  prepareForCreate(job) {
    generateSelector(job);
    dropFields(job);
  },
  prepareForUpdate: dropFields,
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  warnings: (job, old) => [
    ...(old ? [] : nameWarnings(job)),
    ...(isNewGeneration(job, old) ? jobSpecWarnings(job.spec, at('spec')) : []),
  ],
};

/** The first that is true says how the Job is; a Job with none of them runs. */
const shown: readonly JobConditionType[] = ['Complete', 'Failed'];
const shownLater: readonly JobConditionType[] = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

function statusText({ metadata, status }: Job): string {
  const ended = shown.find((type) => isTrue(status, type));
  if (ended) return ended;
  if (metadata.deletionTimestamp) return 'Terminating';
  return shownLater.find((type) => isTrue(status, type)) ?? 'Running';
}

function completionsText({ spec: { completions, parallelism = 0 }, status }: Job): string {
  const done = status?.succeeded ?? 0;
  if (completions !== undefined) return `${done}/${completions}`;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function durationText({ status }: Job, now: Date): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now.getTime();
  return humanDuration(end - Date.parse(status.startTime));
}

const columns: readonly Column<Job>[] = [
  nameColumn,
  text('Status', 'How the Job is doing.', statusText),
  text('Completions', 'Pods that succeeded, of all wanted.', completionsText),
  text('Duration', 'How long it took, or has been running.', durationText),
  ageColumn,
  ...templateColumns,
  wideText('Selector', 'Labels of its pods.', ({ spec }) => formatSelector(spec.selector)),
];

export const jobs: ResourceDefinition = defineResource<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  scope: 'Namespaced',
  names: { plural: 'jobs', singular: 'job', categories: ['all'] },
  schema: 'io.k8s.api.batch.v1.Job',
  generation: true,
  defaultPropagation: 'Orphan',
  propagationWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or ' +
    'set propagationPolicy=Orphan to suppress this warning',
  columns,
  fields: [{ path: 'status.successful', value: ({ status }) => String(status?.succeeded ?? 0) }],
  unknownField: (path) => `field label ${JSON.stringify(path)} not supported for Job`,
  defaults: setDefaults,
  strategy,
  subresources: { status: { kind: 'status', strategy: { validateUpdate: validateJobStatus } } },
});
