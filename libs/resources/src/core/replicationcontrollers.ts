import type { ReplicationController } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, formatLabels, integer, nameColumn, templateColumns, wideText } from '../print/columns';

export const replicationControllers: ResourceDefinition = defineResource<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
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
  subresources: {
    status: { kind: 'status' },
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
