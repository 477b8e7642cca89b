import type { Job, JobSpec, PodSpec } from '@kubephant/schema';
import { invalidValue, none, type Causes } from '../validation/causes';
import { equal, immutable, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { keepSelector } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { isTrue } from './job-conditions';
import { validateJob, validateJobSpec } from './job-validate';

const path = at('spec');

/** Whether no pod of the Job runs, nor is about to: then what its pods ask for may still change. */
const isAtRest = ({ spec, status }: Job): boolean =>
  Boolean(spec.suspend) && (!status?.startTime || isTrue(status, 'Suspended')) && !status?.active;

type Affinity = PodSpec['affinity'];

/** The affinity as it would be if only that to nodes had changed. */
function withNodeAffinity(old: Affinity, now: Affinity): Affinity {
  const nodeAffinity = now?.nodeAffinity;
  const rest = Object.entries(old ?? {}).filter(([field]) => field !== 'nodeAffinity');
  if (!now && rest.length === 0) return undefined;
  return { ...Object.fromEntries(rest), ...(nodeAffinity && { nodeAffinity }) };
}

/** The old containers, each with the resources of the new one in its place where that has its name. */
const withResources = <C extends { resources?: unknown; name: string }>(
  old: readonly C[] | undefined,
  now: readonly C[] | undefined,
): readonly C[] | undefined =>
  old?.length === now?.length
    ? old?.map((container, index) => {
        const other = now?.[index];
        return other?.name === container.name ? { ...container, resources: other.resources } : container;
      })
    : old;

/** The old spec of pods with all of the new one that may change while the Job is at rest. */
function movedTo(old: PodSpec, now: PodSpec): object {
  const { nodeSelector, tolerations, schedulingGates } = now;
  return {
    ...old,
    affinity: withNodeAffinity(old.affinity, now.affinity),
    nodeSelector,
    tolerations,
    schedulingGates,
    containers: withResources(old.containers, now.containers),
    initContainers: withResources(old.initContainers, now.initContainers),
  };
}

const noSpec: Partial<PodSpec> = {};

/** At rest, labels and annotations of the template may change too, so only the spec of its pods is looked at. */
function validateTemplateChange(job: Job, old: Job): Causes {
  const where = path.child('template');
  const [now, before] = [job.spec.template, old.spec.template];
  const say = (at: Path, definition: string, form: object): Causes => [
    invalidValue(at, goForm(`io.k8s.api.core.v1.${definition}`, form), 'field is immutable'),
  ];
  if (!isAtRest(old)) return equal(now, before) ? none : say(where, 'PodTemplateSpec', now);
  const spec = (now.spec ?? noSpec) as PodSpec;
  const allowed = movedTo((before.spec ?? noSpec) as PodSpec, spec);
  return equal(spec, allowed) ? none : say(where.child('spec'), 'PodSpec', spec);
}

/** Completions of an indexed Job change together with its parallelism; others never. */
function validateCompletions(spec: JobSpec, old: JobSpec): Causes {
  const where = path.child('completions');
  if (spec.completionMode !== 'Indexed') return immutable(spec.completions, old.completions, where);
  if (spec.completions === undefined || spec.completions === old.completions) return none;
  return when(spec.completions !== spec.parallelism, () =>
    invalidValue(where, spec.completions, 'can only be modified in tandem with spec.parallelism'),
  );
}

const quoted = (definition: string, value: object | undefined): unknown =>
  value && goForm(`io.k8s.api.batch.v1.${definition}`, value);

/** Fields that never change, and how they are quoted. */
const fixed = {
  completionMode: ({ completionMode }: JobSpec) => completionMode,
  podFailurePolicy: ({ podFailurePolicy }: JobSpec) => quoted('PodFailurePolicy', podFailurePolicy),
  backoffLimitPerIndex: ({ backoffLimitPerIndex }: JobSpec) => backoffLimitPerIndex,
  managedBy: ({ managedBy }: JobSpec) => managedBy,
  successPolicy: ({ successPolicy }: JobSpec) => quoted('SuccessPolicy', successPolicy),
} satisfies Partial<Record<keyof JobSpec, (spec: JobSpec) => unknown>>;

const isChanged = (job: Job, old: Job, field: keyof JobSpec): boolean => !equal(job.spec[field], old.spec[field]);

/** Upstream looks at the spec once for itself and once as that of a change, and says all it finds twice. */
export const validateJobUpdate = (job: Job, old: Job): Causes => [
  ...validateJob(job),
  ...validateJobSpec(job.spec, path),
  ...validateCompletions(job.spec, old.spec),
  ...keepSelector(job.spec.selector, old.spec.selector, path.child('selector')),
  ...validateTemplateChange(job, old),
  ...Object.entries(fixed).flatMap(([field, shown]) =>
    when(isChanged(job, old, field as keyof typeof fixed), () =>
      invalidValue(path.child(field), shown(job.spec), 'field is immutable'),
    ),
  ),
];
