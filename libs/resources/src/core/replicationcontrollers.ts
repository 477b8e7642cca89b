import type { ReplicationController } from '@kubephant/schema';
import { fromSet } from '@kubephant/api';
import { replicaCounts } from '../apps/replicasets';
import { validateCounts, validateMatch, validateRunningTemplate, workloadWarnings } from '../apps/template';
import { defineResource, type ResourceDefinition, type Strategy } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { dropGatedFields } from '../pod-spec/gated';
import { ageColumn, formatLabels, integer, nameColumn, templateColumns, wideText } from '../print/columns';
import { required, type Causes } from '../validation/causes';
import { notNegative, when } from '../validation/checks';
import { at } from '../validation/path';

const path = at('spec');

/** What the template says of its pods, the controller says of itself where it says nothing. */
function setDefaults({ metadata, spec }: ReplicationController): void {
  const labels = spec.template?.metadata?.labels ?? {};
  if (Object.keys(spec.selector ?? {}).length === 0 && spec.template) spec.selector = { ...labels };
  if (Object.keys(metadata.labels ?? {}).length === 0 && Object.keys(labels).length > 0)
    metadata.labels = { ...labels };
  spec.replicas ??= 1;
  setTemplateDefaults(spec.template);
}

function validateTemplate({ selector = {}, template }: ReplicationController['spec']): Causes {
  const where = path.child('template');
  if (!template) return [required(where)];
  return [
    ...validateMatch(fromSet(selector).matches(template.metadata?.labels), template, where),
    ...validateRunningTemplate(template, where, 'ReplicationController'),
  ];
}

const validate = ({ spec }: ReplicationController): Causes => [
  ...notNegative(spec.minReadySeconds, path.child('minReadySeconds')),
  ...when(Object.keys(spec.selector ?? {}).length === 0, () => required(path.child('selector'))),
  ...notNegative(spec.replicas, path.child('replicas')),
  ...validateTemplate(spec),
];

const dropFields = ({ spec: { template } }: ReplicationController): void => {
  if (template?.spec) dropGatedFields(template.spec);
};

const strategy: Strategy<ReplicationController> = {
  prepareForCreate: dropFields,
  prepareForUpdate: dropFields,
  validate,
  validateUpdate: validate,
  // Of a change, upstream looks at the template as it was.
  warnings: (obj, old) => workloadWarnings(obj, old, (old ?? obj).spec.template),
};

export const replicationControllers: ResourceDefinition = defineResource<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  nameRule: 'longName',
  scope: 'Namespaced',
  names: {
    plural: 'replicationcontrollers',
    singular: 'replicationcontroller',
    short: ['rc'],
    categories: ['all'],
  },
  schema: 'io.k8s.api.core.v1.ReplicationController',
  generation: true,
  defaultPropagation: 'Orphan',
  columns: [
    nameColumn,
    integer('Desired', 'Pods wanted.', ({ spec }) => spec.replicas ?? 0),
    integer('Current', 'Pods there.', ({ status }) => status?.replicas ?? 0),
    integer('Ready', 'Pods ready.', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns,
    wideText('Selector', 'Labels of its pods.', ({ spec }) => formatLabels(spec.selector)),
  ],
  fields: [{ path: 'status.replicas', value: ({ status }) => String(status?.replicas ?? 0) }],
  defaults: setDefaults,
  strategy,
  subresources: {
    status: { kind: 'status', strategy: { validateUpdate: ({ status }) => validateCounts(status, replicaCounts) } },
    scale: {
      kind: 'scale',
      spec: '.spec.replicas',
      status: '.status.replicas',
      selector: ({ spec }) => {
        const labels = formatLabels(spec.selector);
        return labels === '<none>' ? '' : labels;
      },
    },
  },
});
