import { qualifiedName } from '@kubephant/api';
import type { Service } from '@kubephant/schema';
import { forbidden, invalidValue, type Causes } from '../validation/causes';
import { equal, follows, optional, when } from '../validation/checks';
import { at } from '../validation/path';
import {
  isExternal,
  isHeadless,
  mayHaveNodePorts,
  needsClusterIP,
  needsHealthCheckPort,
  needsNodePort,
} from './service-type';

type Spec = Service['spec'];

interface Dependence {
  readonly needs: (service: Service) => boolean;
  readonly fields: readonly (keyof Spec)[];
}

/** Fields that only some types of service have. */
const dependences: readonly Dependence[] = [
  { needs: needsClusterIP, fields: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] },
  { needs: needsHealthCheckPort, fields: ['healthCheckNodePort'] },
  { needs: ({ spec }) => spec.type === 'LoadBalancer', fields: ['allocateLoadBalancerNodePorts', 'loadBalancerClass'] },
  { needs: isExternal, fields: ['externalTrafficPolicy'] },
];

const nodePorts = ({ spec }: Service): readonly (number | undefined)[] =>
  (spec.ports ?? []).map(({ nodePort }) => nodePort);

/** When a change of type makes fields meaningless that the client did not touch, they go: nobody wanted them. */
export function dropTypeDependentFields(service: Service, old: Service): void {
  for (const { needs, fields } of dependences) {
    if (!needs(old) || needs(service)) continue;
    for (const field of fields) {
      if (equal(service.spec[field], old.spec[field])) Reflect.deleteProperty(service.spec, field);
    }
  }
  if (mayHaveNodePorts(old) && !mayHaveNodePorts(service) && equal(nodePorts(service), nodePorts(old))) {
    for (const port of service.spec.ports ?? []) delete port.nodePort;
  }
}

/** What the server once gave is kept where the client leaves it out. */
export function keepAllocated(service: Service, old: Service): void {
  const { spec } = service;
  if (needsClusterIP(old) && needsClusterIP(service) && !spec.clusterIP) {
    if (old.spec.clusterIP !== undefined) spec.clusterIP = old.spec.clusterIP;
    if (old.spec.clusterIPs) spec.clusterIPs = [...old.spec.clusterIPs];
  }
  if (needsNodePort(old) && needsNodePort(service)) keepNodePorts(spec, old.spec);
  if (needsHealthCheckPort(old) && needsHealthCheckPort(service) && old.spec.healthCheckNodePort !== undefined) {
    spec.healthCheckNodePort ||= old.spec.healthCheckNodePort;
  }
}

function keepNodePorts(spec: Spec, old: Spec): void {
  for (const port of spec.ports ?? []) {
    const before = old.ports?.find((other) => other.port === port.port && other.protocol === port.protocol);
    const isUsed = spec.ports?.some(
      ({ nodePort, protocol }) => nodePort === before?.nodePort && protocol === port.protocol,
    );
    if (!port.nodePort && before?.nodePort && !isUsed) port.nodePort = before.nodePort;
  }
}

const fixed = 'may not change once set';

function validateFirstOf(field: 'clusterIPs' | 'ipFamilies', service: Service, old: Service): Causes {
  const [now, before] = [service.spec[field], old.spec[field]];
  const bothNeed = needsClusterIP(service) && needsClusterIP(old);
  const changed = bothNeed && now?.[0] !== undefined && before?.[0] !== undefined && now[0] !== before[0];
  return when(changed, () => invalidValue(at('spec', field).index(0), now, fixed));
}

function validateClass(service: Service, old: Service): Causes {
  const [now, before] = [service.spec.loadBalancerClass, old.spec.loadBalancerClass];
  const isSame = service.spec.type === 'LoadBalancer' && old.spec.type === 'LoadBalancer';
  const path = at('spec', 'loadBalancerClass');
  return [
    ...when(isSame && now !== before, () => invalidValue(path, now, fixed)),
    ...(service.spec.type === 'LoadBalancer'
      ? optional(now, path, (name, where) => follows(name, where, qualifiedName))
      : []),
  ];
}

function validateHealthCheck(service: Service, old: Service): Causes {
  const bothNeed = needsHealthCheckPort(service) && needsHealthCheckPort(old);
  const changed = service.spec.healthCheckNodePort !== old.spec.healthCheckNodePort;
  return when(bothNeed && changed, () => forbidden(at('spec', 'healthCheckNodePort'), 'field is immutable'));
}

/** Addresses, families, class and health check port stay as they are while the service needs them. */
export const validateUnchanged = (service: Service, old: Service): Causes => [
  ...validateFirstOf('clusterIPs', service, old),
  ...(isHeadless(old) ? [] : validateFirstOf('ipFamilies', service, old)),
  ...validateClass(service, old),
  ...validateHealthCheck(service, old),
];
