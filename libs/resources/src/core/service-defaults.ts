import type { Service, ServicePort } from '@kubephant/schema';
import { isExternal, needsClusterIP } from './service-type';

const affinitySeconds = 10_800;

function setAffinity({ spec }: Service): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity !== 'ClientIP') return;
  spec.sessionAffinityConfig ??= {};
  spec.sessionAffinityConfig.clientIP ??= {};
  spec.sessionAffinityConfig.clientIP.timeoutSeconds ??= affinitySeconds;
}

function setPort(port: ServicePort): void {
  port.protocol ||= 'TCP';
  port.targetPort ||= port.port;
}

function setLoadBalancer({ spec, status }: Service): void {
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}

export function setServiceDefaults(service: Service): void {
  const { spec } = service;
  spec.type ||= 'ClusterIP';
  setAffinity(service);
  for (const port of spec.ports ?? []) setPort(port);
  if (isExternal(service)) spec.externalTrafficPolicy ||= 'Cluster';
  if (needsClusterIP(service)) spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') setLoadBalancer(service);
}
