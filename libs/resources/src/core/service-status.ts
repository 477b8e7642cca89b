import { dns1123Subdomain, ipAddress, parseIP } from '@kubephant/api';
import type { LoadBalancerIngress, Service } from '@kubephant/schema';
import type { Strategy } from '../definition';
import { forbidden, invalidValue, none, type Causes } from '../validation/causes';
import { each, follows, oneOf, optional, when } from '../validation/checks';
import { at, type Path } from '../validation/path';

const ingressPath = at('status', 'loadBalancer', 'ingress');

function validateIngress({ ip = '', ipMode, hostname = '' }: LoadBalancerIngress, path: Path): Causes {
  const name = path.child('hostname');
  return [
    ...(ip ? follows(ip, path.child('ip'), ipAddress) : none),
    ...when(ip === '' && ipMode !== undefined, () =>
      forbidden(path.child('ipMode'), 'may not be specified when `ip` is not set'),
    ),
    ...optional(ip ? ipMode : undefined, path.child('ipMode'), (mode, where) => oneOf(mode, where, ['Proxy', 'VIP'])),
    ...(hostname ? follows(hostname, name, (text) => dns1123Subdomain(text)) : none),
    ...when(parseIP(hostname) !== undefined, () =>
      invalidValue(name, hostname, 'must be a DNS name, not an IP address'),
    ),
  ];
}

/** Where a load balancer was found to lead from: addresses and names, of services that have one. */
export const serviceStatusStrategy: Strategy<Service> = {
  validateUpdate({ spec: { type }, status }) {
    const ingress = status?.loadBalancer?.ingress ?? [];
    return [
      ...when(ingress.length > 0 && type !== 'LoadBalancer', () =>
        forbidden(ingressPath, "may only be used when `spec.type` is 'LoadBalancer'"),
      ),
      ...each(ingress, ingressPath, validateIngress),
    ];
  },
};
