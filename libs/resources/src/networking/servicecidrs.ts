import { canonicalCIDR, parseCIDR } from '@kubephant/api';
import type { ServiceCIDR } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { statusAlone } from '../meta/for-status';
import { ageColumn, nameColumn, text } from '../print/columns';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, immutable, listOf, when } from '../validation/checks';
import { at } from '../validation/path';

const path = at('spec', 'cidrs');

const onePerFamily = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';

const familyOf = (network: string | undefined): number | undefined => parseCIDR(network ?? '')?.address.family;

function validate({ spec: { cidrs = [] } }: ServiceCIDR): Causes {
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalidValue(path, { CIDRs: cidrs }, 'may only hold up to 2 values')];
  const [first, second] = cidrs;
  const family = familyOf(first);
  const isDouble = cidrs.length === 2 && family !== undefined && family === familyOf(second);
  return [
    ...each(cidrs, path, (network, where) => follows(network, where, canonicalCIDR)),
    ...when(isDouble, () => invalidValue(path, cidrs, onePerFamily)),
  ];
}

/** A second network may be added to a first; nothing else changes. */
function validateUpdate(cidr: ServiceCIDR, old: ServiceCIDR): Causes {
  const [now, before] = [listOf(cidr.spec.cidrs), listOf(old.spec.cidrs)];
  const isAdded = before.length === 1 && now.length === 2;
  if (!isAdded && now.length !== before.length) return [invalidValue(path, now, 'field is immutable')];
  return [
    ...before.flatMap((network, index) => immutable(now[index], network, path.index(index))),
    ...(isAdded ? validate(cidr) : none),
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
    validateUpdate,
  },
  subresources: { status: { kind: 'status', strategy: statusAlone } },
});
