import type { Container } from '@kubephant/schema';
import {
  containersOf,
  containersText,
  exceptUserNamespaces,
  joinQuote,
  namesWhere,
  plural,
  settersText,
  sorted,
  violation,
  type Check,
  type CheckPod,
  type PodLike,
  type Violation,
} from './check';
import { appArmorProfile, seccompProfile, seLinuxOptions } from './profiles';

const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** What is said of containers that add capabilities other than the allowed; empty: none does. */
export function addedCapabilities(pod: PodLike, allowed: ReadonlySet<string>): string {
  const added = ({ securityContext }: Container): readonly string[] =>
    (securityContext?.capabilities?.add ?? []).filter((capability) => !allowed.has(capability));
  const names = namesWhere(pod, (container) => added(container).length > 0);
  if (names.length === 0) return '';
  const capabilities = sorted(containersOf(pod).flatMap(added));
  return `${containersText(names)} must not include ${joinQuote(capabilities)} in securityContext.capabilities.add`;
}

const capabilities: CheckPod = (pod) =>
  violation('non-default capabilities', addedCapabilities(pod, defaultCapabilities));

const hostNamespaces: CheckPod = ({ spec }) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
  return violation('host namespaces', shared.map((field) => `${field}=true`).join(', '));
};

const hostPathVolumes: CheckPod = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return names.length > 0
    ? { reason: 'hostPath volumes', detail: `${plural('volume', names)} ${joinQuote(names)}` }
    : undefined;
};

const hostPorts: CheckPod = (pod) => {
  const portsOf = ({ ports = [] }: Container): readonly string[] =>
    ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const names = namesWhere(pod, (container) => portsOf(container).length > 0);
  if (names.length === 0) return undefined;
  const ports = sorted(containersOf(pod).flatMap(portsOf));
  const what = plural('hostPort', ports);
  return {
    reason: what,
    detail: `${containersText(names)} ${plural('uses', names, 'use')} ${what} ${ports.join(', ')}`,
  };
};

/** Hosts that the kubelet would be sent to on behalf of a container. */
function handlerHosts({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => host !== undefined && host !== ''),
  ) as readonly string[];
}

const hostProbes: CheckPod = (pod) => {
  const names = namesWhere(pod, (container) => handlerHosts(container).length > 0);
  if (names.length === 0) return undefined;
  const hosts = sorted(containersOf(pod).flatMap(handlerHosts));
  const what = plural('probe or lifecycle host', hosts);
  const detail = `${containersText(names)} ${plural('uses', names, 'use')} ${what} ${joinQuote(hosts)}`;
  return { reason: what, detail };
};

const privileged: CheckPod = (pod) => {
  const names = namesWhere(pod, ({ securityContext }) => securityContext?.privileged === true);
  return names.length > 0
    ? { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` }
    : undefined;
};

export const procMount: CheckPod = (pod: PodLike): Violation | undefined => {
  const bad = ({ securityContext }: Container): boolean => (securityContext?.procMount ?? 'Default') !== 'Default';
  const names = namesWhere(pod, bad);
  if (names.length === 0) return undefined;
  const types = sorted(
    containersOf(pod)
      .filter(bad)
      .map(({ securityContext }) => securityContext?.procMount ?? ''),
  );
  const detail = `${containersText(names)} must not set securityContext.procMount to ${joinQuote(types)}`;
  return { reason: 'procMount', detail };
};

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const reserved = ['net.ipv4.ip_local_reserved_ports'];
const keepAlive = ['time', 'intvl', 'probes'].map((name) => `net.ipv4.tcp_keepalive_${name}`);
const tcp = [...reserved, ...keepAlive, 'net.ipv4.tcp_fin_timeout'];

const sysctls =
  (...more: readonly string[]): CheckPod =>
  ({ spec }) => {
    const allowed = new Set([...safeSysctls, ...more]);
    const names = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.has(name));
    return violation('forbidden sysctls', names.join(', '));
  };

const hostProcess: CheckPod = (pod) => {
  const setters = settersText(
    pod.spec.securityContext?.windowsOptions?.hostProcess === true,
    namesWhere(pod, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true),
  );
  const detail = setters && `${setters} must not set securityContext.windowsOptions.hostProcess=true`;
  return violation('hostProcess', detail);
};

/** The rules of the level `baseline`, by id. */
export const baseline: readonly Check[] = [
  { id: 'appArmorProfile', versions: [[0, appArmorProfile]] },
  {
    id: 'capabilities_baseline',
    versions: [[0, capabilities]],
  },
  { id: 'hostNamespaces', versions: [[0, hostNamespaces]] },
  { id: 'hostPathVolumes', versions: [[0, hostPathVolumes]] },
  { id: 'hostPorts', versions: [[0, hostPorts]] },
  { id: 'hostProbesAndHostLifecycle', versions: [[34, hostProbes]] },
  { id: 'privileged', versions: [[0, privileged]] },
  {
    id: 'procMount',
    versions: [
      [0, procMount],
      [35, exceptUserNamespaces(procMount)],
    ],
  },
  {
    id: 'seLinuxOptions',
    versions: [
      [0, seLinuxOptions()],
      [31, seLinuxOptions('container_engine_t')],
    ],
  },
  { id: 'seccompProfile_baseline', versions: [[19, seccompProfile]] },
  {
    id: 'sysctls',
    versions: [
      [0, sysctls()],
      [27, sysctls(...reserved)],
      [29, sysctls(...tcp)],
      [32, sysctls(...tcp, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem')],
    ],
  },
  { id: 'windowsHostProcess', versions: [[0, hostProcess]] },
];
