import type { Service } from '@kubephant/schema';
import { defineResource, type Column, type ResourceDefinition, type Strategy } from '../definition';
import { ageColumn, formatLabels, nameColumn, orNone, text, wideText } from '../print/columns';
import type { Causes } from '../validation/causes';
import { parseProxyId, proxyVerbs } from './proxy-id';
import { setServiceDefaults } from './service-defaults';
import { alignClusterIPs, setFamilies, validateFamilyFields, validateOffer } from './service-ips';
import { serviceStatusStrategy } from './service-status';
import type { IPFamily } from './service-type';
import { dropTypeDependentFields, keepAllocated, validateUnchanged } from './service-update';
import { validateService } from './service-validate';
import { serviceWarnings } from './service-warnings';

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

/** Where a load balancer led from that the service does not have any more. */
function dropLoadBalancer({ status }: Service): void {
  if (status?.loadBalancer?.ingress) status.loadBalancer = {};
}

/** Families first: what the cluster cannot give is told alone. */
function strategy(offered: readonly IPFamily[]): Strategy<Service> {
  const validateEarly = (service: Service): Causes => {
    const wrong = validateFamilyFields(service);
    return wrong.length > 0 ? wrong : validateOffer(service, offered);
  };
  const prepare = (service: Service, old?: Service): void => {
    alignClusterIPs(service, old);
    if (service.spec.type === 'ExternalName') delete service.spec.internalTrafficPolicy;
    if (old) keepAllocated(service, old);
    if (service.spec.type !== 'ExternalName' && validateEarly(service).length === 0) setFamilies(service, offered);
  };
  return {
    prepareForCreate: (service) => prepare(service),
    prepareForUpdate(service, old) {
      dropTypeDependentFields(service, old);
      prepare(service, old);
      if (service.spec.type !== 'LoadBalancer') dropLoadBalancer(service);
    },
    validate(service) {
      const early = validateEarly(service);
      return early.length > 0 ? early : validateService(service);
    },
    validateUpdate(service, old) {
      const early = validateEarly(service);
      return early.length > 0 ? early : [...validateUnchanged(service, old), ...validateService(service)];
    },
    warnings: serviceWarnings,
  };
}

/** Services of a cluster that gives addresses of these families, the first being the default. */
export const services = (offered: readonly IPFamily[] = ['IPv4']): ResourceDefinition =>
  defineResource<Service>({
    group: '',
    version: 'v1',
    kind: 'Service',
    scope: 'Namespaced',
    names: { plural: 'services', singular: 'service', short: ['svc'], categories: ['all'] },
    schema: 'io.k8s.api.core.v1.Service',
    nameRule: 'dns1123Label',
    createOnUpdate: true,
    deleteReturnsObject: true,
    columns,
    fields: [
      { path: 'spec.clusterIP', value: ({ spec }) => spec.clusterIP ?? '' },
      { path: 'spec.type', value: ({ spec }) => spec.type ?? '' },
    ],
    defaults: setServiceDefaults,
    strategy: strategy(offered),
    subresources: {
      status: { kind: 'status', strategy: serviceStatusStrategy },
      proxy: {
        kind: 'connect',
        verbs: proxyVerbs,
        input: 'ServiceProxyOptions',
        nameOf: (id) => parseProxyId(id, 'service').name,
        location({ metadata: { name, namespace = '' } }, query, request) {
          const { scheme, port } = parseProxyId(request?.id ?? name, 'service');
          const service = { namespace, name };
          return { service, ...(port && { port }), ...(scheme && { scheme }), path: request?.path ?? '', query };
        },
      },
    },
  });
