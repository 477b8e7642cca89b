import type { PriorityClass } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, boolean, integer, nameColumn, text } from '../print/columns';

export const priorityClasses: ResourceDefinition = defineResource<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  scope: 'Cluster',
  names: { plural: 'priorityclasses', singular: 'priorityclass', short: ['pc'] },
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  generation: true,
  columns: [
    nameColumn,
    integer('Value', 'Priority the pods get.', ({ value = 0 }) => value),
    boolean(
      'Global-Default',
      'Whether pods without a class get this one.',
      ({ globalDefault }) => globalDefault ?? false,
    ),
    ageColumn,
    text('PreemptionPolicy', 'Whether its pods may push others out.', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
});
