import { sameJson } from '@kubephant/api';
import type { Deployment } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { setTemplateDefaults } from '../pod-spec/defaults';
import { dropGatedFields } from '../pod-spec/gated';
import { ageColumn, formatSelector, nameColumn, templateColumns, text, wideText } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { equal, notNegative, optional, when } from '../validation/checks';
import { keepSelector } from '../validation/labels';
import { at } from '../validation/path';
import { validateDeploymentStrategy } from './rolling-update';
import { replicaScale } from './scale';
import { validateCounts, validateSelectorAndTemplate, workloadWarnings } from './template';

const spec = at('spec');
const share = '25%';

function setDefaults(deployment: Deployment): void {
  const { spec: wanted } = deployment;
  wanted.replicas ??= 1;
  wanted.revisionHistoryLimit ??= 10;
  wanted.progressDeadlineSeconds ??= 600;
  const strategy = (wanted.strategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate')
    strategy.rollingUpdate = { maxUnavailable: share, maxSurge: share, ...strategy.rollingUpdate };
  setTemplateDefaults(wanted.template);
}

function validateDeadline(seconds: number | undefined, minReadySeconds: number): Causes {
  const path = spec.child('progressDeadlineSeconds');
  return optional(seconds, path, (value) => [
    ...notNegative(value, path),
    ...when(value <= minReadySeconds, () => invalidValue(path, value, 'must be greater than minReadySeconds')),
  ]);
}

const validate = ({ spec: wanted }: Deployment): Causes => [
  ...notNegative(wanted.replicas, spec.child('replicas')),
  ...validateSelectorAndTemplate(wanted),
  ...validateDeploymentStrategy(wanted.strategy ?? {}, spec.child('strategy')),
  ...notNegative(wanted.minReadySeconds, spec.child('minReadySeconds')),
  ...notNegative(wanted.revisionHistoryLimit, spec.child('revisionHistoryLimit')),
  ...validateDeadline(wanted.progressDeadlineSeconds, wanted.minReadySeconds ?? 0),
];

const dropFields = ({ spec: { template } }: Deployment): void => {
  if (template.spec) dropGatedFields(template.spec);
};

const strategy: Strategy<Deployment> = {
  prepareForCreate: dropFields,
  prepareForUpdate: dropFields,
  validate,
  validateUpdate: (deployment, old) => [
    ...validate(deployment),
    ...keepSelector(deployment.spec.selector, old.spec.selector, spec.child('selector')),
  ],
  warnings: (obj, old) => workloadWarnings(obj, old, obj.spec.template),
};

const statusStrategy: Strategy<Deployment> = {
  resets: [['spec'], ['metadata', 'labels']],
  prepareForUpdate(deployment, old) {
    if (old.metadata.labels) deployment.metadata.labels = { ...old.metadata.labels };
    else delete deployment.metadata.labels;
  },
  validateUpdate: ({ status }) => [
    ...validateCounts(status, [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
    ]),
    ...notNegative(status?.unavailableReplicas, at('status', 'unavailableReplicas')),
  ],
};

const columns: readonly Column<Deployment>[] = [
  nameColumn,
  text(
    'Ready',
    'Pods ready, of all wanted.',
    ({ spec: { replicas }, status }) => `${status?.readyReplicas ?? 0}/${replicas ?? 0}`,
  ),
  text('Up-to-date', 'Pods of the current template.', ({ status }) => status?.updatedReplicas ?? 0),
  text('Available', 'Pods available long enough.', ({ status }) => status?.availableReplicas ?? 0),
  ageColumn,
  ...templateColumns,
  wideText('Selector', 'Labels of its pods.', ({ spec: { selector } }) => formatSelector(selector)),
];

export const deployments: ResourceDefinition = defineResource<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  scope: 'Namespaced',
  names: { plural: 'deployments', singular: 'deployment', short: ['deploy'], categories: ['all'] },
  schema: 'io.k8s.api.apps.v1.Deployment',
  generation: true,
  // The controller copies annotations to the newest ReplicaSet, so it must see them change.
  generationChanged: (deployment, old) =>
    !sameJson(deployment.spec, old.spec) || !equal(deployment.metadata.annotations, old.metadata.annotations),
  defaultPropagation: 'Background',
  columns,
  defaults: setDefaults,
  strategy,
  subresources: {
    status: { kind: 'status', strategy: statusStrategy },
    scale: replicaScale,
  },
});
