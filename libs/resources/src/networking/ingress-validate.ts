import {
  dns1123Label,
  dns1123Subdomain,
  ipAddress,
  parseIP,
  pathSegment,
  portName,
  wildcardDns1123Subdomain,
} from '@kubephant/api';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressLoadBalancerIngress,
  IngressRule,
  IngressServiceBackend,
  IngressTLS,
  TypedLocalObjectReference,
} from '@kubephant/schema';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { each, follows, listOf, oneOf, optional, portNumberAt, requiredAnd, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);
const notAnAddress = 'must be a DNS name, not an IP address';

const hostRule = (host: string): typeof subdomain => (host.includes('*') ? wildcardDns1123Subdomain : subdomain);

const validateHost = (host: string, path: Path): Causes => follows(host, path, hostRule(host));

const validateTLS = ({ hosts, secretName }: IngressTLS, path: Path): Causes => [
  ...each(hosts, path.child('hosts'), validateHost),
  ...(secretName ? follows(secretName, path.child('secretName'), subdomain) : none),
];

export const validateTypedReference = (reference: TypedLocalObjectReference, path: Path): Causes => [
  ...optional(reference.apiGroup, path.child('apiGroup'), (group, where) => follows(group, where, subdomain)),
  ...requiredAnd(reference.kind, path.child('kind'), pathSegment),
  ...requiredAnd(reference.name, path.child('name'), pathSegment),
];

/** By number or by name, never both. What is wrong with the choice is told of the backend. */
function validatePort({ port = {} }: IngressServiceBackend, path: Path): Causes {
  const where = path.child('service', 'port');
  if (port.name && port.number) return [invalidValue(path, '', 'cannot set both port name & port number')];
  if (port.name) return follows(port.name, where.child('name'), portName);
  if (port.number) return portNumberAt(port.number, where.child('number'));
  return [required(path, 'port name or number is required')];
}

function validateBackend({ resource, service }: IngressBackend, path: Path): Causes {
  if (resource && service) return [invalidValue(path, '', 'cannot set both resource and service backends')];
  if (resource) return validateTypedReference(resource, path.child('resource'));
  if (!service) return [invalidValue(path, '', 'resource or service backend is required')];
  return [...requiredAnd(service.name, path.child('service', 'name'), dns1123Label), ...validatePort(service, path)];
}

const banned = ['//', '/./', '/../', '%2f', '%2F'];
const bannedEnds = ['/..', '/.'];

function validateNormalized(text: string, path: Path): Causes {
  return [
    ...when(!text.startsWith('/'), () => invalidValue(path, text, 'must be an absolute path')),
    ...banned
      .filter((part) => text.includes(part))
      .map((part) => invalidValue(path, text, `must not contain '${part}'`)),
    ...bannedEnds
      .filter((end) => text.endsWith(end))
      .map((end) => invalidValue(path, text, `cannot end with '${end}'`)),
  ];
}

function validatePathText({ path: text = '', pathType }: HTTPIngressPath, path: Path): Causes {
  switch (pathType) {
    case 'Exact':
    case 'Prefix':
      return validateNormalized(text, path.child('path'));
    case 'ImplementationSpecific':
      return when(text !== '' && !text.startsWith('/'), () =>
        invalidValue(path.child('path'), text, 'must be an absolute path'),
      );
    default:
      return oneOf(pathType, path.child('pathType'), ['Exact', 'ImplementationSpecific', 'Prefix']);
  }
}

function validatePath(rule: HTTPIngressPath, path: Path): Causes {
  const type = rule.pathType as string | null | undefined;
  if (type === undefined || type === null) return [required(path.child('pathType'), 'pathType must be specified')];
  return [...validatePathText(rule, path), ...validateBackend(rule.backend, path.child('backend'))];
}

function validateRule({ host = '', http }: IngressRule, path: Path): Causes {
  const where = path.child('host');
  const paths = path.child('http', 'paths');
  return [
    ...when(parseIP(host) !== undefined, () => invalidValue(where, host, notAnAddress)),
    ...(host ? validateHost(host, where) : none),
    ...(http && listOf(http.paths).length === 0 ? [required(paths)] : none),
    ...each(http?.paths, paths, validatePath),
  ];
}

const nothingToServe = 'either `defaultBackend` or `rules` must be specified';

export function validateIngress({ spec }: Ingress): Causes {
  const path = at('spec');
  const isEmpty = !spec.defaultBackend && (spec.rules ?? []).length === 0;
  return [
    ...when(isEmpty, () => invalidValue(path, spec.rules, nothingToServe)),
    ...optional(spec.defaultBackend, path.child('defaultBackend'), validateBackend),
    ...each(spec.rules, path.child('rules'), validateRule),
    ...each(spec.tls, path.child('tls'), validateTLS),
    ...optional(spec.ingressClassName, path.child('ingressClassName'), (name, where) =>
      follows(name, where, subdomain),
    ),
  ];
}

export const classAnnotation = 'kubernetes.io/ingress.class';

/** The annotation that named the class before there was a field says the same as the field. */
export function validateClassAnnotation({ metadata, spec }: Ingress): Causes {
  const annotated = metadata.annotations?.[classAnnotation];
  const differs = annotated !== undefined && spec.ingressClassName !== undefined && annotated !== spec.ingressClassName;
  return when(differs, () =>
    invalidValue(
      at('annotations', classAnnotation),
      annotated,
      'must match `ingressClassName` when both are specified',
    ),
  );
}

const validateAddress = ({ ip, hostname = '' }: IngressLoadBalancerIngress, path: Path): Causes => [
  ...(ip ? follows(ip, path.child('ip'), ipAddress) : none),
  ...(hostname ? follows(hostname, path.child('hostname'), subdomain) : none),
  ...when(parseIP(hostname) !== undefined, () => invalidValue(path.child('hostname'), hostname, notAnAddress)),
];

/** Addresses that stay as they were stay valid. */
export const validateIngressStatus = ({ status }: Ingress, old: Ingress): Causes => {
  const known = new Set((old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  return each(status?.loadBalancer?.ingress, at('status', 'loadBalancer', 'ingress'), ({ ip, ...rest }, path) =>
    validateAddress(known.has(ip) || ip === undefined ? rest : { ip, ...rest }, path),
  );
};
