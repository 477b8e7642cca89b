import { dns1123Label, fromLabelSelector, type KubeObject, type LabelSelector } from '@kubephant/api';
import { emptyAsGiven, type PodTemplateSpec } from '@kubephant/schema';
import { podWarnings } from '../pod-spec/warnings';
import { validateTemplate } from '../pod-spec/validate';
import { forbidden, invalidValue, notSupported, required, sortedMap, type Causes } from '../validation/causes';
import { notNegative, when } from '../validation/checks';
import { isEmptySelector, shownSelector, validateLabelSelector } from '../validation/labels';
import { at, type Path } from '../validation/path';

/** A name that pods cannot take over into their hostnames. */
export function nameWarnings({ metadata }: KubeObject): readonly string[] {
  const wrong = dns1123Label(metadata.name);
  const head = 'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior';
  return wrong.length > 0 ? [`${head}; a DNS label is recommended: [${wrong.join(' ')}]`] : [];
}

/** Whether an object was made or changed, beyond its metadata: only then is anything said of its template. */
export const isNewGeneration = (obj: KubeObject, old: KubeObject | undefined): boolean =>
  obj.metadata.generation !== old?.metadata.generation;

/** What is said to whoever creates or changes a workload. */
export const workloadWarnings = (
  obj: KubeObject,
  old: KubeObject | undefined,
  template: PodTemplateSpec | undefined,
): readonly string[] => [
  ...(old ? [] : nameWarnings(obj)),
  ...(template && isNewGeneration(obj, old) ? podWarnings(template, at('spec', 'template')) : []),
];

const mismatch = '`selector` does not match template `labels`';

/** The selector of a workload finds the pods it makes. */
export const validateMatch = (matches: boolean, { metadata }: PodTemplateSpec, template: Path): Causes =>
  when(!matches, () =>
    invalidValue(
      template.child('metadata', 'labels'),
      sortedMap(metadata?.labels) ?? emptyAsGiven(metadata, 'labels'),
      mismatch,
    ),
  );

/** A template whose pods are kept running, however many: `kind` names the workload in messages. */
export function validateRunningTemplate(template: PodTemplateSpec, path: Path, kind: string): Causes {
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  const spec = path.child('spec');
  return [
    ...validateTemplate(template, path),
    ...when(Boolean(restartPolicy) && restartPolicy !== 'Always', () =>
      notSupported(spec.child('restartPolicy'), restartPolicy, ['Always']),
    ),
    ...when(activeDeadlineSeconds !== undefined, () =>
      forbidden(spec.child('activeDeadlineSeconds'), `activeDeadlineSeconds in ${kind} is not Supported`),
    ),
  ];
}

export interface Workload {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
}

/** Selector and template of a Deployment or a ReplicaSet, each and together. */
export function validateSelectorAndTemplate({ selector, template = {} }: Workload): Causes {
  const path = at('spec', 'selector');
  const where = at('spec', 'template');
  const wrong = validateLabelSelector(selector, path);
  const labels = template.metadata?.labels;
  const head = selector
    ? when(isEmptySelector(selector), () => invalidValue(path, selector, 'empty selector is invalid for deployment'))
    : [required(path)];
  if (wrong.length > 0)
    return [...wrong, ...head, invalidValue(path, shownSelector(selector), 'invalid label selector')];
  const matches = fromLabelSelector(selector ?? undefined).matches(labels);
  return [
    ...head,
    ...validateMatch(matches, template, where),
    ...validateRunningTemplate(template, where, 'ReplicaSet'),
  ];
}

/** A count that only grows. */
export const neverLess = (count: number | undefined, before: number | undefined, path: Path): Causes =>
  when((count ?? 0) < (before ?? 0), () => invalidValue(path, count ?? 0, 'cannot be decremented'));

type Counts<F extends string> = { readonly [K in F | 'replicas' | 'readyReplicas']?: number | undefined };

/** Counts a controller reports: none negative, none above the number of all, none available that is not ready. */
export function validateCounts<F extends string>(status: Counts<F> | undefined, fields: readonly F[]): Causes {
  const path = at('status');
  const all = status?.replicas ?? 0;
  const ready = status?.readyReplicas ?? 0;
  return fields.flatMap((field) => {
    const count = status?.[field] ?? 0;
    const above = (reproach: string): Causes[number] => invalidValue(path.child(field), count, reproach);
    return [
      ...notNegative(count, path.child(field)),
      ...when(field.endsWith('Replicas') && count > all, () => above('cannot be greater than status.replicas')),
      ...when(field === 'availableReplicas' && count > ready, () => above('cannot be greater than readyReplicas')),
    ];
  });
}
