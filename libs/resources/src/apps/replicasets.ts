import { fromLabelSelector } from '@kubephant/api';
import type { ReplicaSet } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, formatSelector, integer, nameColumn, templateColumns, wideText } from '../print/columns';

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
