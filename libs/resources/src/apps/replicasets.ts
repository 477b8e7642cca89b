import type { ReplicaSet } from '@kubephant/schema';
import { defineResource, type ResourceDefinition, type Strategy } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { dropGatedFields } from '../pod-spec/gated';
import { ageColumn, formatSelector, integer, nameColumn, templateColumns, wideText } from '../print/columns';
import type { Causes } from '../validation/causes';
import { notNegative } from '../validation/checks';
import { keepSelector } from '../validation/labels';
import { at } from '../validation/path';
import { replicaScale } from './scale';
import { validateCounts, validateSelectorAndTemplate, workloadWarnings } from './template';

const path = at('spec');

const validate = ({ spec }: ReplicaSet): Causes => [
  ...notNegative(spec.replicas, path.child('replicas')),
  ...notNegative(spec.minReadySeconds, path.child('minReadySeconds')),
  ...validateSelectorAndTemplate(spec),
];

const dropFields = ({ spec: { template } }: ReplicaSet): void => {
  if (template?.spec) dropGatedFields(template.spec);
};

const strategy: Strategy<ReplicaSet> = {
  prepareForCreate: dropFields,
  prepareForUpdate: dropFields,
  validate,
  validateUpdate: (set, old) => [
    ...validate(set),
    ...keepSelector(set.spec.selector, old.spec.selector, path.child('selector')),
  ],
  warnings: (obj, old) => workloadWarnings(obj, old, obj.spec.template),
};

/** What ReplicaSets and ReplicationControllers report. */
export const replicaCounts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
] as const;

export const replicaSets: ResourceDefinition = defineResource<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  scope: 'Namespaced',
  names: { plural: 'replicasets', singular: 'replicaset', short: ['rs'], categories: ['all'] },
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  generation: true,
  defaultPropagation: 'Background',
  columns: [
    nameColumn,
    integer('Desired', 'Pods wanted.', ({ spec }) => spec.replicas ?? 0),
    integer('Current', 'Pods there.', ({ status }) => status?.replicas ?? 0),
    integer('Ready', 'Pods ready.', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns,
    wideText('Selector', 'Labels of its pods.', ({ spec }) => formatSelector(spec.selector)),
  ],
  defaults({ spec }) {
    spec.replicas ??= 1;
    setTemplateDefaults(spec.template);
  },
  strategy,
  subresources: {
    status: { kind: 'status', strategy: { validateUpdate: ({ status }) => validateCounts(status, replicaCounts) } },
    scale: replicaScale,
  },
});
