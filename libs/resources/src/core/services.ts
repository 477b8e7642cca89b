import type { Service } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition } from '../definition';
import { ageColumn, formatLabels, nameColumn, orNone, text, wideText } from '../print/columns';

function externalText({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return orNone(spec.externalName);
  if (spec.type !== 'LoadBalancer') return orNone(external.join(','));
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...ingress, ...external].join(',') || '<pending>';
}

const portsText = ({ spec }: Service): string =>
  orNone(
    (spec.ports ?? [])
      .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`)
      .join(','),
  );

const columns: readonly Column<Service>[] = [
  nameColumn,
  text('Type', 'How the service is offered.', ({ spec }) => spec.type ?? ''),
  text('Cluster-IP', 'Address within the cluster.', ({ spec }) => orNone(spec.clusterIPs?.[0] ?? spec.clusterIP)),
  text('External-IP', 'Addresses from outside.', externalText),
  text('Port(s)', 'Ports, with the node port where there is one.', portsText),
  ageColumn,
  wideText('Selector', 'Labels of the pods behind it.', ({ spec }) => formatLabels(spec.selector)),
];

export const services: ResourceDefinition = defineResource<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  scope: 'Namespaced',
  names: { plural: 'services', singular: 'service', short: ['svc'], categories: ['all'] },
  schema: 'io.k8s.api.core.v1.Service',
  nameRule: 'dns1035Label',
  createOnUpdate: true,
  deleteReturnsObject: true,
  columns,
  fields: [
    { path: 'spec.clusterIP', value: ({ spec }) => spec.clusterIP ?? '' },
    { path: 'spec.type', value: ({ spec }) => spec.type ?? '' },
  ],
  subresources: { status: { kind: 'status' } },
});
