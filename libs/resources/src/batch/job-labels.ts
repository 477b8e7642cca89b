import { fromLabelSelector, type ObjectMeta } from '@kubephant/api';
import type { Job } from '@kubephant/schema';
import { invalidValue, none, required, sortedMap, type Causes } from '../validation/causes';
import { when } from '../validation/checks';
import { validateLabelSelector } from '../validation/labels';
import { at } from '../validation/path';

/** The labels by which pods are told to be of a Job; the older names stay beside the newer ones. */
const nameLabels = ['job-name', 'batch.kubernetes.io/job-name'] as const;
const uidLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'] as const;
const selectorLabel = 'batch.kubernetes.io/controller-uid';

const isEmpty = (labels: object | undefined): boolean => Object.keys(labels ?? {}).length === 0;

/**
 * A Job without labels takes those of its template: the very same map, so that it gets what is generated into the
 * template too, as upstream does.
 */
export function shareTemplateLabels({ metadata, spec: { template } }: Job): void {
  const labels = template.metadata?.labels;
  if (labels && !isEmpty(labels) && isEmpty(metadata.labels)) metadata.labels = labels;
}

/** A Job that is not valid yet may lack a name. */
const identityOf = ({ metadata }: Job): { readonly name: string; readonly uid: string } => ({
  name: '',
  uid: '',
  ...(metadata as Partial<ObjectMeta>),
});

/** Gives the template labels that no other pods have and selects by them; what the user set stays, and is judged later. */
export function generateSelector(job: Job): void {
  const { spec } = job;
  if (spec.manualSelector) return;
  const { name, uid } = identityOf(job);
  const pods = (spec.template.metadata ??= {});
  const labels = (pods.labels ??= {});
  for (const key of nameLabels) labels[key] ??= name;
  for (const key of uidLabels) labels[key] ??= uid;
  spec.selector ??= {};
  spec.selector.matchLabels = { [selectorLabel]: uid, ...spec.selector.matchLabels };
  shareTemplateLabels(job);
}

const templateMeta = at('spec', 'template', 'metadata');

function validateLabel(labels: Readonly<Record<string, string>>, key: string, value: string): Causes {
  const found = labels[key];
  if (found === undefined) return [required(templateMeta.child('labels').key(key), `must be '${value}'`)];
  return when(found !== value, () =>
    invalidValue(templateMeta.child('labels').key(key), sortedMap(labels), `must be '${value}'`),
  );
}

/** What was generated is what would be generated. */
export function validateGeneratedSelector(job: Job): Causes {
  const { selector, manualSelector, template } = job.spec;
  const { name, uid } = identityOf(job);
  if (manualSelector || !selector) return none;
  const labels = template.metadata?.labels ?? {};
  const own = {
    ...Object.fromEntries(uidLabels.map((key) => [key, uid])),
    ...Object.fromEntries(nameLabels.map((key) => [key, name])),
  };
  const isSound = validateLabelSelector(selector, at()).length === 0;
  return [
    ...[0, 1].flatMap((index) => [
      ...validateLabel(labels, uidLabels[index] ?? '', uid),
      ...validateLabel(labels, nameLabels[index] ?? '', name),
    ]),
    ...when(isSound && !fromLabelSelector(selector).matches(own), () =>
      invalidValue(at('spec', 'selector'), selector, '`selector` not auto-generated'),
    ),
  ];
}
