import type { ObjectMeta } from '@kubephant/api';
import type { CronJob, CronJobSpec, JobTemplateSpec } from '@kubephant/schema';
import { isNewGeneration, nameWarnings } from '../apps/template';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { dropGatedFields } from '../pod-spec/gated';
import {
  ageColumn,
  boolean,
  containerImages,
  containerNames,
  formatSelector,
  integer,
  nameColumn,
  orNone,
  text,
  wideText,
} from '../print/columns';
import { age } from '../print/duration';
import { invalidValue, none, notSupported, required, type Causes } from '../validation/causes';
import { notNegative, optional, requiredOneOf, when } from '../validation/checks';
import { at, type Path } from '../validation/path';
import { validateJobTemplate } from './job-validate';
import { jobSpecWarnings, setJobTemplateDefaults } from './jobs';
import { parseSchedule } from './schedule';
import { isTimeZone } from './time-zone';

const path = at('spec');
const templatePath = path.child('jobTemplate', 'spec');

function setDefaults({ spec }: CronJob): void {
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  if (spec.jobTemplate.spec) setJobTemplateDefaults(spec.jobTemplate.spec);
}

function scheduleError(schedule: string): string | undefined {
  try {
    parseSchedule(schedule);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const namesZone = (schedule: string): boolean => schedule.includes('TZ');

/** A schedule that named its time zone before that was refused may go on doing so. */
function validateSchedule({ schedule, timeZone }: CronJobSpec, old: CronJobSpec | undefined): Causes {
  const where = path.child('schedule');
  if (!schedule) return [required(where)];
  const wrong = scheduleError(schedule);
  const mayNameZone = old !== undefined && namesZone(old.schedule);
  const elsewhere = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
  const twice = 'cannot use both timeZone field and TZ or CRON_TZ in schedule';
  return [
    ...(wrong === undefined ? none : [invalidValue(where, schedule, wrong)]),
    ...when(namesZone(schedule) && !mayNameZone, () => invalidValue(where, schedule, elsewhere)),
    ...when(namesZone(schedule) && mayNameZone && timeZone !== undefined, () => invalidValue(where, schedule, twice)),
  ];
}

/** A part of a name as the time zone database allows it, legacy names included. */
const isZonePart = (part: string): boolean =>
  /^[A-Za-z._0-9+-]{1,14}$/.test(part) && part !== '.' && part !== '..' && !part.startsWith('-');

function validateTimeZone(timeZone: string, where: Path): Causes {
  const unknown = invalidValue(where, timeZone, `unknown time zone ${timeZone}`);
  if (timeZone === '') return [invalidValue(where, timeZone, 'timeZone must be nil or non-empty string')];
  if (!timeZone.split('/').every(isZonePart)) return [unknown];
  if (timeZone.includes('..') || timeZone.startsWith('\\')) {
    return [invalidValue(where, timeZone, 'time: invalid location name')];
  }
  const isLocal = timeZone.toLowerCase() === 'local';
  const explicit = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  return [
    ...when(isLocal, () => invalidValue(where, timeZone, explicit)),
    ...(timeZone === 'Local' || isTimeZone(timeZone) ? none : [unknown]),
  ];
}

function validateTemplate(template: JobTemplateSpec): Causes {
  const spec = template.spec ?? { template: {} };
  return [
    ...validateJobTemplate(spec, templatePath),
    ...when(Boolean(spec.selector), () =>
      invalidValue(templatePath.child('selector'), spec.selector, '`selector` will be auto-generated'),
    ),
    ...when(Boolean(spec.manualSelector), () =>
      notSupported(templatePath.child('manualSelector'), spec.manualSelector, ['nil', 'false']),
    ),
  ];
}

const policies = ['Allow', 'Forbid', 'Replace'];

function validateSpec(spec: CronJobSpec, old?: CronJobSpec): Causes {
  return [
    ...validateSchedule(spec, old),
    ...notNegative(spec.startingDeadlineSeconds, path.child('startingDeadlineSeconds')),
    ...(old && old.timeZone === spec.timeZone
      ? none
      : optional(spec.timeZone, path.child('timeZone'), validateTimeZone)),
    ...requiredOneOf(spec.concurrencyPolicy, path.child('concurrencyPolicy'), policies),
    ...validateTemplate(spec.jobTemplate),
    ...notNegative(spec.successfulJobsHistoryLimit, path.child('successfulJobsHistoryLimit')),
    ...notNegative(spec.failedJobsHistoryLimit, path.child('failedJobsHistoryLimit')),
  ];
}

/** Jobs are named after their CronJob, with a dash and ten digits. */
const maxName = 63 - 11;

function validate({ metadata, spec }: CronJob): Causes {
  const { name = '' } = metadata as Partial<ObjectMeta>;
  return [
    ...validateSpec(spec),
    ...when(name.length > maxName, () =>
      invalidValue(at('metadata', 'name'), name, `must be no more than ${maxName} characters`),
    ),
  ];
}

const dropFields = ({ spec: { jobTemplate } }: CronJob): void => {
  const pods = jobTemplate.spec?.template.spec;
  if (pods) dropGatedFields(pods);
};

const unofficial =
  'CRON_TZ or TZ used in spec.schedule is not officially supported, see ' +
  'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';

const useTimeZone =
  'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see ' +
  'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';

function warnings(cronJob: CronJob, old?: CronJob): readonly string[] {
  const { jobTemplate, schedule } = cronJob.spec;
  return [
    ...(old ? [] : nameWarnings(cronJob)),
    ...(jobTemplate.spec && isNewGeneration(cronJob, old) ? jobSpecWarnings(jobTemplate.spec, templatePath) : []),
    ...(namesZone(schedule) ? [old ? useTimeZone : unofficial] : []),
  ];
}

const strategy: Strategy<CronJob> = {
  prepareForCreate: dropFields,
  prepareForUpdate: dropFields,
  validate,
  validateUpdate: ({ spec }, old) => validateSpec(spec, old.spec),
  warnings,
};

const podsOf = ({ spec: { jobTemplate } }: CronJob) => jobTemplate.spec?.template;

const suspendText = ({ spec: { suspend } }: CronJob): string =>
  suspend === undefined ? '<unset>' : suspend ? 'True' : 'False';

const columns: readonly Column<CronJob>[] = [
  nameColumn,
  text('Schedule', 'When it runs.', ({ spec }) => spec.schedule),
  text('Timezone', 'Where that time is.', ({ spec }) => orNone(spec.timeZone)),
  boolean('Suspend', 'Whether it is told not to run.', suspendText),
  integer('Active', 'Jobs that run now.', ({ status }) => status?.active?.length ?? 0),
  text('Last Schedule', 'Time since it was due last.', ({ status }, now) =>
    status?.lastScheduleTime ? age(status.lastScheduleTime, now) : '<none>',
  ),
  ageColumn,
  wideText('Containers', 'Names of the containers in the template.', (cronJob) => containerNames(podsOf(cronJob))),
  wideText('Images', 'Images of the containers in the template.', (cronJob) => containerImages(podsOf(cronJob))),
  wideText('Selector', 'Labels of its pods.', ({ spec: { jobTemplate } }) =>
    jobTemplate.spec?.selector ? formatSelector(jobTemplate.spec.selector) : '<none>',
  ),
];

export const cronJobs: ResourceDefinition = defineResource<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  scope: 'Namespaced',
  names: { plural: 'cronjobs', singular: 'cronjob', short: ['cj'], categories: ['all'] },
  schema: 'io.k8s.api.batch.v1.CronJob',
  generation: true,
  defaultPropagation: 'Background',
  columns,
  defaults: setDefaults,
  strategy,
  subresources: { status: { kind: 'status' } },
});
