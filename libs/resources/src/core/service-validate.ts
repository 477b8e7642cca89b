import { cidr, dns1123Label, dns1123Subdomain, ipAddress, qualifiedName } from '@kubephant/api';
import type { Service, ServicePort } from '@kubephant/schema';
import { protocols } from '../pod-spec/allowed';
import { duplicate, forbidden, invalidValue, none, required, type Causes } from '../validation/causes';
import {
  each,
  follows,
  oneOf,
  optional,
  portNumberAt,
  requiredOneOf,
  validatePortOrName,
  when,
} from '../validation/checks';
import { validateRoutableIP } from '../validation/ips';
import { validateLabels } from '../validation/labels';
import { at, type Path } from '../validation/path';
import { validateFamilyFields } from './service-ips';
import { isExternal, isHeadless, needsClusterIP, needsHealthCheckPort } from './service-type';

const spec = at('spec');
const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const onlyLoadBalancer = "may only be used when `type` is 'LoadBalancer'";

function validateType(service: Service): Causes {
  const { type } = service.spec;
  if (type === 'ExternalName') return validateExternalName(service);
  return when((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(service), () =>
    invalidValue(spec.child('clusterIPs').index(0), 'None', `may not be set to 'None' for ${type ?? ''} services`),
  );
}

function validateExternalName({
  spec: { clusterIPs, ipFamilies, ipFamilyPolicy, externalName = '' },
}: Service): Causes {
  const set = { clusterIPs: clusterIPs?.length, ipFamilies: ipFamilies?.length, ipFamilyPolicy };
  const fields = Object.entries(set).filter(([, value]) => value);
  const path = spec.child('externalName');
  const name = externalName.replace(/\.$/, '');
  return [
    ...fields.map(([field]) => forbidden(spec.child(field), 'may not be set for ExternalName services')),
    ...(name ? follows(name, path, (text) => dns1123Subdomain(text)) : [required(path)]),
  ];
}

function validatePort(port: ServicePort, path: Path, isTaken: boolean, needsName: boolean): Causes {
  return [
    ...(port.name
      ? follows(port.name, path.child('name'), dns1123Label)
      : when(needsName, () => required(path.child('name')))),
    ...when(isTaken, () => duplicate(path.child('name'), port.name)),
    ...portNumberAt(port.port, path.child('port')),
    ...requiredOneOf(port.protocol, path.child('protocol'), protocols),
    ...validatePortOrName(port.targetPort, path.child('targetPort')),
    ...optional(port.appProtocol, path.child('appProtocol'), (name, where) => follows(name, where, qualifiedName)),
  ];
}

/** The positions of elements whose identity an earlier element has; an empty identity is nobody's. */
function repeated<T>(list: readonly T[], identity: (item: T) => string): ReadonlySet<number> {
  const ids = list.map(identity);
  return new Set(ids.flatMap((id, index) => (id !== '' && ids.indexOf(id) < index ? [index] : [])));
}

function validatePorts(service: Service): Causes {
  const ports = service.spec.ports ?? [];
  const path = spec.child('ports');
  const taken = repeated(ports, ({ name }) => name ?? '');
  const mayBeEmpty = isHeadless(service) || service.spec.type === 'ExternalName';
  return [
    ...when(ports.length === 0 && !mayBeEmpty, () => required(path)),
    ...validateType(service),
    ...each(ports, path, (port, where, index) => validatePort(port, where, taken.has(index), ports.length > 1)),
  ];
}

/** What of two ports is the same: a number, with its protocol. */
const goServicePort = ({ protocol, port }: ServicePort): object => ({
  Name: '',
  Protocol: protocol,
  AppProtocol: null,
  Port: port,
  TargetPort: 0,
  NodePort: 0,
});

function validatePortsTogether({ spec: { type, ports = [] } }: Service): Causes {
  const path = spec.child('ports');
  const nodePorts = repeated(ports, ({ protocol, nodePort }) => (nodePort ? `${protocol ?? ''}/${nodePort}` : ''));
  const numbers = repeated(ports, ({ protocol, port }) => `${protocol ?? ''}/${port}`);
  return [
    ...each(type === 'ClusterIP' ? ports : [], path, ({ nodePort }, where) =>
      when(Boolean(nodePort), () => forbidden(where.child('nodePort'), "may not be used when `type` is 'ClusterIP'")),
    ),
    ...each(ports, path, ({ nodePort }, where, index) =>
      when(nodePorts.has(index), () => duplicate(where.child('nodePort'), nodePort)),
    ),
    ...each(ports, path, (port, where, index) => when(numbers.has(index), () => duplicate(where, goServicePort(port)))),
  ];
}

const maxAffinitySeconds = 86_400;

function validateAffinity({ spec: { sessionAffinity, sessionAffinityConfig } }: Service): Causes {
  const path = spec.child('sessionAffinityConfig');
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 0;
  return [
    ...requiredOneOf(sessionAffinity, spec.child('sessionAffinity'), ['ClientIP', 'None']),
    ...when(sessionAffinity === 'ClientIP' && (seconds <= 0 || seconds > maxAffinitySeconds), () =>
      invalidValue(
        path.child('clientIP', 'timeoutSeconds'),
        seconds,
        `must be greater than 0 and less than ${maxAffinitySeconds}`,
      ),
    ),
    ...when(sessionAffinity === 'None' && sessionAffinityConfig !== undefined, () =>
      forbidden(path, 'must not be set when session affinity is None'),
    ),
  ];
}

const validateExternalIPs = ({ spec: { externalIPs } }: Service): Causes =>
  each(externalIPs, spec.child('externalIPs'), (ip, path) => {
    const wrong = follows(ip, path, ipAddress);
    return wrong.length > 0 ? wrong : validateRoutableIP(ip, path);
  });

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function validateSourceRanges({ metadata, spec: { type, loadBalancerSourceRanges = [] } }: Service): Causes {
  const path = spec.child('LoadBalancerSourceRanges');
  const annotation = metadata.annotations?.[rangesAnnotation]?.trim() ?? '';
  const notePath = at('metadata', 'annotations').key(rangesAnnotation);
  if (loadBalancerSourceRanges.length > 0) {
    return [
      ...when(type !== 'LoadBalancer', () => forbidden(path, onlyLoadBalancer)),
      ...each(loadBalancerSourceRanges, path, (range, where) => follows(range.trim(), where, cidr)),
    ];
  }
  if (annotation === '') return none;
  if (type !== 'LoadBalancer') return [forbidden(notePath, onlyLoadBalancer)];
  return annotation.split(',').flatMap((range) => follows(range.trim(), notePath, cidr));
}

function validateLoadBalancer({ spec: { type, allocateLoadBalancerNodePorts, loadBalancerClass } }: Service): Causes {
  const isOne = type === 'LoadBalancer';
  const classPath = spec.child('loadBalancerClass');
  return [
    ...when(!isOne && allocateLoadBalancerNodePorts !== undefined, () =>
      forbidden(spec.child('allocateLoadBalancerNodePorts'), onlyLoadBalancer),
    ),
    ...when(!isOne && loadBalancerClass !== undefined, () => forbidden(classPath, onlyLoadBalancer)),
    ...(isOne ? optional(loadBalancerClass, classPath, (name, path) => follows(name, path, qualifiedName)) : none),
  ];
}

const policies = ['Cluster', 'Local'];

function validateHealthCheckPort(service: Service): Causes {
  const port = service.spec.healthCheckNodePort ?? 0;
  const path = spec.child('healthCheckNodePort');
  const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  if (!needsHealthCheckPort(service)) return when(port !== 0, () => invalidValue(path, port, why));
  // Zero: the server allocates one.
  return port === 0 ? none : portNumberAt(port, path);
}

function validateTraffic(service: Service): Causes {
  const { externalTrafficPolicy: external, internalTrafficPolicy: internal, trafficDistribution } = service.spec;
  const path = spec.child('externalTrafficPolicy');
  return [
    ...(isExternal(service)
      ? optional(external || undefined, path, (policy, where) => oneOf(policy, where, policies))
      : when(Boolean(external), () =>
          invalidValue(path, external, 'may only be set for externally-accessible services'),
        )),
    ...validateHealthCheckPort(service),
    ...when(internal === undefined && needsClusterIP(service), () => required(spec.child('internalTrafficPolicy'))),
    ...optional(internal, spec.child('internalTrafficPolicy'), (policy, where) => oneOf(policy, where, policies)),
    ...optional(trafficDistribution, spec.child('trafficDistribution'), (name, where) =>
      oneOf(name, where, ['PreferClose', 'PreferSameZone', 'PreferSameNode']),
    ),
  ];
}

export const validateService = (service: Service): Causes => [
  ...validatePorts(service),
  ...validateLabels(service.spec.selector, spec.child('selector')),
  ...validateAffinity(service),
  ...validateFamilyFields(service),
  ...validateExternalIPs(service),
  ...requiredOneOf(service.spec.type, spec.child('type'), types),
  ...validatePortsTogether(service),
  ...validateSourceRanges(service),
  ...validateLoadBalancer(service),
  ...validateTraffic(service),
];
