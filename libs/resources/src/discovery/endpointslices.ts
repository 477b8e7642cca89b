import type { EndpointSlice } from '@kubephant/schema';
import { defineResource, type ResourceDefinition, type Strategy } from '../definition';
import { ageColumn, firstThree, nameColumn, text } from '../print/columns';
import { equal, immutable, listOf } from '../validation/checks';
import { at } from '../validation/path';
import { validateSlice } from './validate-slice';

const ports = ({ ports: list }: EndpointSlice): readonly string[] =>
  (list ?? []).map(({ port, name }) => String(port ?? name ?? '*'));

const addresses = ({ endpoints }: EndpointSlice): readonly string[] =>
  (endpoints ?? []).flatMap((endpoint) => listOf(endpoint.addresses));

/** A leftover of v1beta1 that only old objects carry. */
function dropTopology({ endpoints }: EndpointSlice): void {
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology;
}

const strategy: Strategy<EndpointSlice> = {
  prepareForCreate: dropTopology,
  validate: (slice) => validateSlice(slice),
  validateUpdate: (slice, old) => [
    ...validateSlice(slice, old),
    ...immutable(slice.addressType, old.addressType, at('addressType')),
  ],
  warnings: ({ addressType }, old) =>
    addressType === 'FQDN' && !old ? ['spec.addressType: FQDN endpoints are deprecated'] : [],
};

export const endpointSlices: ResourceDefinition = defineResource<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  scope: 'Namespaced',
  names: { plural: 'endpointslices', singular: 'endpointslice' },
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  generation: true,
  generationChanged: (slice, old) =>
    !equal({ ...slice, metadata: slice.metadata.labels }, { ...old, metadata: old.metadata.labels }),
  columns: [
    nameColumn,
    text('AddressType', 'Kind of the addresses.', ({ addressType }) => addressType),
    text('Ports', 'The first ports.', (slice) => firstThree(ports(slice), '<unset>')),
    text('Endpoints', 'The first addresses.', (slice) => firstThree(addresses(slice), '<unset>')),
    ageColumn,
  ],
  defaults({ ports: list }) {
    for (const port of list ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },
  strategy,
});
