import type { PodSandboxConfig, PortMapping } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import { podDns, podHostname, type DnsSettings } from './dns';
import { labels } from './labels';
import { sandboxSecurity } from './security';

export interface SandboxSettings {
  readonly dns: DnsSettings;
  readonly logDirectory: string;
  readonly cgroupParent: string;
  readonly attempt: number;
}

/** `NAMESPACE_NAME_UID`: where a pod's logs are, below the directory of all pods' logs. */
export function podLogFolder({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}_${metadata.name}_${metadata.uid}`;
}

export function sandboxConfig(pod: Pod, settings: SandboxSettings): PodSandboxConfig {
  const { name, namespace = '', uid } = pod.metadata;
  const { hostname } = podHostname(pod, settings.dns.clusterDomain);
  const sysctls = (pod.spec.securityContext?.sysctls ?? []).map((one) => [one.name, one.value] as const);
  return {
    metadata: { name, namespace, uid, attempt: settings.attempt },
    hostname: pod.spec.hostNetwork ? '' : hostname,
    logDirectory: settings.logDirectory,
    dnsConfig: podDns(pod, settings.dns),
    portMappings: pod.spec.hostNetwork ? [] : portMappings(pod),
    labels: {
      ...pod.metadata.labels,
      [labels.podName]: name,
      [labels.podNamespace]: namespace,
      [labels.podUid]: uid,
    },
    annotations: { ...pod.metadata.annotations },
    linux: {
      cgroupParent: settings.cgroupParent,
      securityContext: sandboxSecurity(pod),
      sysctls: Object.fromEntries(sysctls),
    },
  };
}

function portMappings(pod: Pod): PortMapping[] {
  const ports = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ ports = [] }) => ports);
  return ports
    .filter(({ hostPort = 0 }) => hostPort > 0)
    .map(({ protocol = 'TCP', containerPort, hostPort = 0, hostIP = '' }) => ({
      protocol: protocol as PortMapping['protocol'],
      containerPort,
      hostPort,
      hostIp: hostIP,
    }));
}
