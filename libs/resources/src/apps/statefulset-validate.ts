import { dns1123Label, fromLabelSelector, type LabelSelector, type ObjectMeta } from '@kubephant/api';
import type {
  PersistentVolumeClaim,
  PodTemplateSpec,
  StatefulSet,
  StatefulSetSpec,
  StatefulSetUpdateStrategy,
} from '@kubephant/schema';
import { validateAnnotations } from '../meta/validate';
import { validateClaimSpec } from '../storage/claim-spec';
import { forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import { each, equal, follows, notNegative, oneOf, optional, when, type Absent } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { isEmptySelector, shownSelector, validateLabels, validateLabelSelector } from '../validation/labels';
import { at } from '../validation/path';
import { validateMatch, validateRunningTemplate } from './template';

const path = at('spec');

const definition = 'io.k8s.api.apps.v1.StatefulSetUpdateStrategy';
const rollingDefinition = 'io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy';

function validateStrategy(strategy: StatefulSetUpdateStrategy = {}): Causes {
  const where = path.child('updateStrategy');
  const { type, rollingUpdate } = strategy;
  if (type === 'RollingUpdate') return notNegative(rollingUpdate?.partition, where.child('rollingUpdate', 'partition'));
  if (type === 'OnDelete') {
    const detail = "only allowed for updateStrategy 'RollingUpdate'";
    return when(Boolean(rollingUpdate), () =>
      invalidValue(where.child('rollingUpdate'), goForm(rollingDefinition, rollingUpdate), detail),
    );
  }
  return type
    ? [invalidValue(where, goForm(definition, strategy), "must be 'RollingUpdate' or 'OnDelete'")]
    : [required(where)];
}

const managements = ['OrderedReady', 'Parallel'];

function validateManagement({ podManagementPolicy: policy }: StatefulSetSpec): Causes {
  const where = path.child('podManagementPolicy');
  if (!policy) return [required(where)];
  return when(!managements.includes(policy), () => invalidValue(where, policy, "must be 'OrderedReady' or 'Parallel'"));
}

const retentions = ['Retain', 'Delete'];

const validateRetention = ({ persistentVolumeClaimRetentionPolicy: policy }: StatefulSetSpec): Causes =>
  optional(policy, path.child('persistentVolumeClaimRetentionPolicy'), ({ whenDeleted, whenScaled }, where) => [
    ...oneOf(whenDeleted, where.child('whenDeleted'), retentions),
    ...oneOf(whenScaled, where.child('whenScaled'), retentions),
  ]);

/** The template as pods will have it: claims come first, and a volume gives way to the claim of its name. */
function withClaims(template: PodTemplateSpec, claims: readonly PersistentVolumeClaim[]): PodTemplateSpec {
  if (!template.spec) return template;
  // Pods are given these by the controller.
  const { hostname: _, subdomain: __, ...spec } = template.spec;
  if (claims.length === 0) return { ...template, spec };
  const names = [...new Set(claims.map(({ metadata }) => (metadata as Partial<ObjectMeta>).name ?? ''))];
  const volumes = [
    ...names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...(spec.volumes ?? []).filter(({ name }) => !names.includes(name)),
  ];
  return { ...template, spec: { ...spec, volumes } };
}

/** Labels and annotations are looked at twice: alone, and as part of the template. */
function validateTemplate({ template, volumeClaimTemplates }: StatefulSetSpec): Causes {
  const where = path.child('template');
  return [
    ...validateLabels(template.metadata?.labels, where.child('labels')),
    ...validateAnnotations(template.metadata?.annotations, where.child('annotations')),
    ...validateRunningTemplate(withClaims(template, volumeClaimTemplates ?? []), where, 'StatefulSet'),
  ];
}

function validateSelectorAndTemplate(spec: StatefulSetSpec): Causes {
  const { template } = spec;
  // Where it is missing, decoding leaves null.
  const selector = spec.selector as LabelSelector | Absent;
  const where = path.child('selector');
  const wrong = validateLabelSelector(selector, where);
  const { labels } = template.metadata ?? {};
  const head = [
    ...(selector ? wrong : [required(where)]),
    ...when(Boolean(selector) && isEmptySelector(selector), () =>
      invalidValue(where, selector, 'empty selector is invalid for statefulset'),
    ),
  ];
  if (wrong.length > 0) return [...head, invalidValue(where, shownSelector(selector), '')];
  const matches = fromLabelSelector(selector ?? undefined).matches(labels);
  return [...head, ...validateMatch(matches, template, path.child('template')), ...validateTemplate(spec)];
}

const validateServiceName = ({ serviceName }: StatefulSetSpec): Causes =>
  serviceName ? follows(serviceName, path.child('serviceName'), dns1123Label) : none;

/** What is fixed once a set is created is not looked at again. */
function validateSpec(spec: StatefulSetSpec, isNew: boolean): Causes {
  return [
    ...validateManagement(spec),
    ...validateStrategy(spec.updateStrategy),
    ...validateRetention(spec),
    ...(isNew
      ? each(spec.volumeClaimTemplates, path.child('volumeClaimTemplates'), (claim, where) =>
          validateClaimSpec(claim.spec, where.child('spec')),
        )
      : none),
    ...notNegative(spec.replicas, path.child('replicas')),
    ...notNegative(spec.minReadySeconds, path.child('minReadySeconds')),
    ...notNegative(spec.ordinals?.start, path.child('ordinals', 'start')),
    ...(isNew ? validateServiceName(spec) : none),
    ...validateSelectorAndTemplate(spec),
  ];
}

export const validateStatefulSet = ({ spec }: StatefulSet): Causes => validateSpec(spec, true);

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const satisfies readonly (keyof StatefulSetSpec)[];

const fixedPart = (spec: StatefulSetSpec): object =>
  Object.fromEntries(Object.entries(spec).filter(([field]) => !(changeable as readonly string[]).includes(field)));

const fixed = `updates to statefulset spec for fields other than ${changeable
  .slice(0, -1)
  .map((field) => `'${field}'`)
  .join(', ')} and '${changeable.at(-1) ?? ''}' are forbidden`;

export const validateStatefulSetUpdate = (set: StatefulSet, old: StatefulSet): Causes => [
  ...validateSpec(set.spec, false),
  ...when(!equal(fixedPart(set.spec), fixedPart(old.spec)), () => forbidden(path, fixed)),
];
