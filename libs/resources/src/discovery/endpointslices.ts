import type { EndpointSlice } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, firstThree, nameColumn, text } from '../print/columns';

const ports = ({ ports: list }: EndpointSlice): readonly string[] =>
  (list ?? []).map(({ port, name }) => String(port ?? name ?? '*'));

const addresses = ({ endpoints }: EndpointSlice): readonly string[] =>
  (endpoints ?? []).flatMap((endpoint) => endpoint.addresses);

export const endpointSlices: ResourceDefinition = defineResource<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  scope: 'Namespaced',
  names: { plural: 'endpointslices', singular: 'endpointslice' },
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  generation: true,
  columns: [
    nameColumn,
    text('AddressType', 'Kind of the addresses.', ({ addressType }) => addressType),
    text('Ports', 'The first ports.', (slice) => firstThree(ports(slice), '<unset>')),
    text('Endpoints', 'The first addresses.', (slice) => firstThree(addresses(slice), '<unset>')),
    ageColumn,
  ],
});
