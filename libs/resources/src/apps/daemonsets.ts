import { fromLabelSelector, type LabelSelector } from '@kubephant/api';
import type { DaemonSet } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { dropGatedFields } from '../pod-spec/gated';
import { podWarnings } from '../pod-spec/warnings';
import {
  ageColumn,
  formatLabels,
  formatSelector,
  integer,
  nameColumn,
  templateColumns,
  text,
  wideText,
} from '../print/columns';
import { invalidValue, none, type Causes } from '../validation/causes';
import { equal, notNegative, when, type Absent } from '../validation/checks';
import { isEmptySelector, validateLabelSelector, keepSelector } from '../validation/labels';
import { at } from '../validation/path';
import { validateDaemonSetStrategy } from './daemonset-strategy';
import {
  checkTemplateGeneration,
  countTemplateGeneration,
  defaultTemplateGeneration,
  keepTemplateGeneration,
  startTemplateGeneration,
} from './template-generation';
import { neverLess, validateMatch, validateRunningTemplate } from './template';

const path = at('spec');

/** Where a selector is missing, decoding leaves null. */
interface Workload {
  readonly spec: Pick<DaemonSet['spec'], 'template'> & { readonly selector: LabelSelector | Absent };
}

function setDefaults(set: DaemonSet): void {
  checkTemplateGeneration(set);
  defaultTemplateGeneration(set);
  const { spec } = set;
  const strategy = (spec.updateStrategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate')
    strategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...strategy.rollingUpdate };
  spec.revisionHistoryLimit ??= 10;
  setTemplateDefaults(spec.template);
}

function validateSelector({ spec: { selector, template } }: Workload): Causes {
  const where = path.child('selector');
  const wrong = validateLabelSelector(selector, where);
  const { labels } = template.metadata ?? {};
  return [
    ...wrong,
    ...(wrong.length > 0
      ? none
      : validateMatch(fromLabelSelector(selector ?? undefined).matches(labels), template, path.child('template'))),
    ...when(Boolean(selector) && isEmptySelector(selector), () =>
      invalidValue(where, selector, 'empty selector is invalid for daemonset'),
    ),
  ];
}

const validate = (set: DaemonSet): Causes => [
  ...validateSelector(set),
  ...validateRunningTemplate(set.spec.template, path.child('template'), 'DaemonSet'),
  ...notNegative(set.spec.minReadySeconds, path.child('minReadySeconds')),
  ...validateDaemonSetStrategy(set.spec.updateStrategy ?? {}, path.child('updateStrategy')),
  ...notNegative(set.spec.revisionHistoryLimit, path.child('revisionHistoryLimit')),
];

const dropFields = ({ spec: { template } }: DaemonSet): void => {
  if (template.spec) dropGatedFields(template.spec);
};

const strategy: Strategy<DaemonSet> = {
  prepareForCreate(set) {
    startTemplateGeneration(set);
    dropFields(set);
  },
  prepareForUpdate(set, old) {
    dropFields(set);
    countTemplateGeneration(set, old);
  },
  validate,
  validateUpdate: (set, old) => [
    ...keepSelector(set.spec.selector, old.spec.selector, path.child('selector')),
    ...validate(set),
  ],
  warnings: ({ spec: { template } }, old) =>
    equal(template, old?.spec.template) ? [] : podWarnings(template, path.child('template')),
};

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;

const statusStrategy: Strategy<DaemonSet> = {
  prepareForUpdate: keepTemplateGeneration,
  validateUpdate: ({ status }, old) => [
    ...counts.flatMap((field) => notNegative(status?.[field], at('status', field))),
    ...neverLess(status?.collisionCount, old.status?.collisionCount, at('status', 'collisionCount')),
  ],
};

const columns: readonly Column<DaemonSet>[] = [
  nameColumn,
  integer('Desired', 'Nodes that should run a pod.', ({ status }) => status?.desiredNumberScheduled ?? 0),
  integer('Current', 'Nodes that should and do.', ({ status }) => status?.currentNumberScheduled ?? 0),
  integer('Ready', 'Nodes whose pod is ready.', ({ status }) => status?.numberReady ?? 0),
  integer(
    'Up-to-date',
    'Nodes with a pod of the current template.',
    ({ status }) => status?.updatedNumberScheduled ?? 0,
  ),
  integer('Available', 'Nodes whose pod is ready long enough.', ({ status }) => status?.numberAvailable ?? 0),
  text('Node Selector', 'Labels of the nodes.', ({ spec }) => formatLabels(spec.template.spec?.nodeSelector)),
  ageColumn,
  ...templateColumns,
  wideText('Selector', 'Labels of its pods.', ({ spec }) => formatSelector(spec.selector)),
];

export const daemonSets: ResourceDefinition = defineResource<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  scope: 'Namespaced',
  names: { plural: 'daemonsets', singular: 'daemonset', short: ['ds'], categories: ['all'] },
  schema: 'io.k8s.api.apps.v1.DaemonSet',
  generation: true,
  defaultPropagation: 'Background',
  columns,
  defaults: setDefaults,
  strategy,
  subresources: { status: { kind: 'status', strategy: statusStrategy } },
});
