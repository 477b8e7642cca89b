import type { Lease } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';

export const leases: ResourceDefinition = defineResource<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  scope: 'Namespaced',
  names: { plural: 'leases', singular: 'lease' },
  schema: 'io.k8s.api.coordination.v1.Lease',
  createOnUpdate: true,
  conditionalUpdate: true,
  columns: [nameColumn, text('Holder', 'Who holds the lease.', ({ spec }) => spec.holderIdentity ?? ''), ageColumn],
});
