import { dns1123Label, domainPrefixedPath, fromLabelSelector, type ObjectMeta } from '@kubephant/api';
import type { Job, JobSpec } from '@kubephant/schema';
import { validateMatch } from '../apps/template';
import { validateTemplate } from '../pod-spec/validate';
import { invalidValue, none, notSupported, required, tooLongValue, type Causes } from '../validation/causes';
import { notNegative, oneOf, optional, when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { validateGeneratedSelector } from './job-labels';
import { validatePodFailurePolicy, validateSuccessPolicy } from './job-policies';

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

const maxParallelism = 100_000;
const maxFailed = 100_000;
/** Above so many completions, failures per index are only followed within narrower bounds. */
export const manyCompletions = 100_000;
const maxParallelismOfMany = 10_000;
const maxFailedOfMany = 10_000;

const atMost = (count: number | undefined, path: Path, max: number, unless = ''): Causes =>
  when((count ?? 0) > max, () => invalidValue(path, count, `must be less than or equal to ${max}${unless}`));

const ofMany = ` when completions are above ${manyCompletions} and used with backoff limit per index`;

function validateMany({ parallelism, maxFailedIndexes }: JobSpec, path: Path): Causes {
  const failed = path.child('maxFailedIndexes');
  return [
    ...when(maxFailedIndexes === undefined, () =>
      required(failed, `must be specified when completions is above ${manyCompletions}`),
    ),
    ...atMost(parallelism, path.child('parallelism'), maxParallelismOfMany, ofMany),
    ...atMost(maxFailedIndexes, failed, maxFailedOfMany, ofMany),
  ];
}

function validateIndexed(spec: JobSpec, path: Path): Causes {
  const { parallelism, completions, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const failed = path.child('maxFailedIndexes');
  return [
    ...when(completions === undefined, () => required(path.child('completions'), 'when completion mode is Indexed')),
    ...atMost(parallelism, path.child('parallelism'), maxParallelism, ' when completion mode is Indexed'),
    ...when(completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions, () =>
      invalidValue(failed, maxFailedIndexes, 'must be less than or equal to completions'),
    ),
    ...atMost(maxFailedIndexes, failed, maxFailed),
    ...((completions ?? 0) > manyCompletions && backoffLimitPerIndex !== undefined ? validateMany(spec, path) : none),
  ];
}

const indexedOnly = (spec: JobSpec, path: Path): Causes =>
  (['backoffLimitPerIndex', 'maxFailedIndexes'] as const).flatMap((field) =>
    optional(spec[field], path.child(field), (count, where) => [
      invalidValue(where, count, 'requires indexed completion mode'),
    ]),
  );

const modes = ['NonIndexed', 'Indexed'];

function validateMode(spec: JobSpec, path: Path): Causes {
  const { completionMode = 'NonIndexed' } = spec;
  if (completionMode === 'Indexed') return validateIndexed(spec, path);
  if (completionMode === 'NonIndexed') return indexedOnly(spec, path);
  return oneOf(completionMode, path.child('completionMode'), modes);
}

const maxManagedByBytes = 63;

const validateManagedBy = (name: string, path: Path): Causes => [
  ...(name === ''
    ? [required(path)]
    : domainPrefixedPath(name).map(({ value, message }) => invalidValue(path, value, message))),
  ...when(Buffer.byteLength(name) > maxManagedByBytes, () => tooLongValue(path, maxManagedByBytes)),
];

const replacements = ['Failed', 'TerminatingOrFailed'];

/** A failure policy looks at pods that failed, so only those are replaced. */
const validateReplacement = ({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: Path): Causes =>
  optional(podReplacementPolicy, path, (policy, where) =>
    oneOf(policy, where, podFailurePolicy ? ['Failed'] : replacements),
  );

/** Pods of a Job end, so they are not always restarted. */
function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: Path): Causes {
  const policy = template.spec?.restartPolicy ?? '';
  if (policy === '' || policy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  return when(podFailurePolicy !== undefined && policy !== 'Never', () =>
    invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified'),
  );
}

/** What must hold of the spec of a Job and of a template of Jobs. */
export function validateJobTemplate(spec: JobSpec, path: Path): Causes {
  const { template, maxFailedIndexes, backoffLimitPerIndex } = spec;
  return [
    ...counts.flatMap((field) => notNegative(spec[field], path.child(field))),
    ...when(maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined, () =>
      required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'),
    ),
    ...optional(spec.managedBy, path.child('managedBy'), validateManagedBy),
    ...validateMode(spec, path),
    ...(spec.podFailurePolicy ? validatePodFailurePolicy(spec, path.child('podFailurePolicy')) : none),
    ...(spec.successPolicy ? validateSuccessPolicy(spec, path.child('successPolicy')) : none),
    ...validateReplacement(spec, path.child('podReplacementPolicy')),
    ...validateTemplate(template, path.child('template')),
    ...validateRestartPolicy(spec, path.child('template', 'spec', 'restartPolicy')),
  ];
}

export function validateJobSpec(spec: JobSpec, path: Path): Causes {
  const { selector, template } = spec;
  const where = path.child('selector');
  const wrong = validateLabelSelector(selector, where);
  const labels = template.metadata?.labels;
  return [
    ...validateJobTemplate(spec, path),
    ...(selector ? wrong : [required(where)]),
    ...(wrong.length > 0
      ? none
      : validateMatch(fromLabelSelector(selector).matches(labels), template, path.child('template'))),
  ];
}

/** The last pod of an indexed Job is named after its index, and its host after it. */
function validateHostname({ metadata, spec: { completionMode, completions = 0 } }: Job): Causes {
  const { name = '' } = metadata as Partial<ObjectMeta>;
  if (completionMode !== 'Indexed' || completions <= 0) return none;
  const hostname = `${name}-${completions - 1}`;
  return when(dns1123Label(hostname).length > 0, () =>
    invalidValue(at('metadata', 'name'), name, `will not able to create pod with invalid DNS label: ${hostname}`),
  );
}

export const validateJob = (job: Job): Causes => [
  ...validateGeneratedSelector(job),
  ...validateJobSpec(job.spec, at('spec')),
  ...validateHostname(job),
];
