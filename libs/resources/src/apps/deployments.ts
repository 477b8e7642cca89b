import { fromLabelSelector } from '@kubephant/api';
import type { Deployment } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, formatSelector, nameColumn, templateColumns, text, wideText } from '../print/columns';

export const deployments: ResourceDefinition = defineResource<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  scope: 'Namespaced',
  names: { plural: 'deployments', singular: 'deployment', short: ['deploy'], categories: ['all'] },
  schema: 'io.k8s.api.apps.v1.Deployment',
  generation: true,
  defaultPropagation: 'Background',
  columns: [
    nameColumn,
    text(
      'Ready',
      'Pods ready, of all wanted.',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    ),
    text('Up-to-date', 'Pods of the current template.', ({ status }) => status?.updatedReplicas ?? 0),
    text('Available', 'Pods available long enough.', ({ status }) => status?.availableReplicas ?? 0),
    ageColumn,
    ...templateColumns,
    wideText('Selector', 'Labels of its pods.', ({ spec }) => formatSelector(spec.selector)),
  ],
  subresources: {
    status: { kind: 'status' },
    scale: {
      kind: 'scale',
      spec: '.spec.replicas',
      status: '.status.replicas',
      selector: ({ spec }) => fromLabelSelector(spec.selector).toString(),
    },
  },
});
