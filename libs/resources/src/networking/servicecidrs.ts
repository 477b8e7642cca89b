import { canonicalCIDR, parseCIDR } from '@kubephant/api';
import type { ServiceCIDR } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, nameColumn, text } from '../print/columns';
import { invalidValue, required, type Causes } from '../validation/causes';
import { each, follows, immutable, when } from '../validation/checks';
import { at } from '../validation/path';

const path = at('spec', 'cidrs');

const onePerFamily = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';

const familyOf = (network: string | undefined): number | undefined => parseCIDR(network ?? '')?.address.family;

/** As upstream shows the spec it finds wrong as a whole. */
const shown = (cidrs: readonly string[]): unknown => ({ CIDRs: cidrs });

function validate({ spec: { cidrs = [] } }: ServiceCIDR): Causes {
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalidValue(path, shown(cidrs), 'may only hold up to 2 values')];
  const [first, second] = cidrs;
  const isDouble = cidrs.length === 2 && familyOf(first) === familyOf(second);
  return [
    ...each(cidrs, path, (network, where) => follows(network, where, canonicalCIDR)),
    ...when(isDouble, () => invalidValue(path, shown(cidrs), onePerFamily)),
  ];
}

export const serviceCIDRs: ResourceDefinition = defineResource<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  scope: 'Cluster',
  names: { plural: 'servicecidrs', singular: 'servicecidr' },
  schema: 'io.k8s.api.networking.v1.ServiceCIDR',
  columns: [nameColumn, text('CIDRs', 'Its networks.', ({ spec: { cidrs = [] } }) => cidrs.join(',')), ageColumn],
  strategy: {
    validate,
    validateUpdate: ({ spec }, old) => immutable(spec.cidrs, old.spec.cidrs, path),
  },
  subresources: { status: { kind: 'status', strategy: statusAlone } },
});
