import type { Lease } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import type { Causes } from '../validation/causes';
import { notNegative, optional, positive } from '../validation/checks';
import { at } from '../validation/path';

/** Fields of coordinated leader election (KEP-4355), which is off by default. */
function dropGatedFields({ spec }: Lease): void {
  delete spec.strategy;
  delete spec.preferredHolder;
}

const validate = ({ spec }: Lease): Causes => [
  ...optional(spec.leaseDurationSeconds, at('spec', 'leaseDurationSeconds'), positive),
  ...optional(spec.leaseTransitions, at('spec', 'leaseTransitions'), notNegative),
];

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
  strategy: {
    prepareForCreate: dropGatedFields,
    prepareForUpdate: dropGatedFields,
    validate,
    validateUpdate: validate,
  },
});
