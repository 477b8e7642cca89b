import type { Service } from '@kubephant/schema';

export type IPFamily = 'IPv4' | 'IPv6';

export const isHeadless = ({ spec }: Service): boolean =>
  spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === 'None';

/** Its addresses are whatever somebody writes into its endpoints: the cluster's own families do not matter. */
export const isUnmanaged = (service: Service): boolean =>
  isHeadless(service) && Object.keys(service.spec.selector ?? {}).length === 0;

export const needsClusterIP = ({ spec: { type } }: Service): boolean =>
  type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';

/** Whether a service of this type may have ports on nodes. */
export const mayHaveNodePorts = ({ spec: { type } }: Service): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';

export const needsNodePort = ({ spec }: Service): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

/** Whether traffic from outside the cluster reaches the service. */
export const isExternal = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' ||
  spec.type === 'NodePort' ||
  (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);

export const needsHealthCheckPort = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
