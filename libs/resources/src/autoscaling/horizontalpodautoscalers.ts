import type { HorizontalPodAutoscaler } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { setDefaults } from './defaults';
import { targetsText } from './targets-text';
import { validate, validateStatus, validateUpdate } from './validate';

export const columns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  text(
    'Reference',
    'What is scaled.',
    ({ spec: { scaleTargetRef } }) => `${scaleTargetRef.kind}/${scaleTargetRef.name}`,
  ),
  text('Targets', 'What is measured, of what is aimed at.', targetsText),
  text('MinPods', 'The fewest pods.', ({ spec }) =>
    spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
  ),
  text('MaxPods', 'The most pods.', ({ spec }) => spec.maxReplicas),
  text('Replicas', 'Pods there.', ({ status }) => status?.currentReplicas ?? 0),
  ageColumn,
];

export const names = {
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  short: ['hpa'],
  categories: ['all'],
} as const;

/** autoscaling/v2: the stored form. */
export const horizontalPodAutoscalers: ResourceDefinition = defineResource<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  scope: 'Namespaced',
  names,
  schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  columns,
  defaults: setDefaults,
  strategy: { validate, validateUpdate },
  subresources: { status: { kind: 'status', strategy: { validateUpdate: validateStatus } } },
});
