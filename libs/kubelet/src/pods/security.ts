import { StatusError } from '@kubephant/api';
import type {
  ContainerSecurityContext,
  Image,
  NamespaceOptions,
  SandboxSecurityContext,
  SecurityProfile,
} from '@kubephant/node';
import type { Capabilities, Container, EphemeralContainer, Pod, SeccompProfile } from '@kubephant/schema';
import { podTitle } from './containers';

/** Paths of /proc and /sys that say or do too much for a container (as Docker and upstream have them). */
const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export function podNamespaces(pod: Pod): NamespaceOptions {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec;
  const sharedPid = shareProcessNamespace ? 'POD' : 'CONTAINER';
  return {
    network: hostNetwork ? 'NODE' : 'POD',
    pid: hostPID ? 'NODE' : sharedPid,
    ipc: hostIPC ? 'NODE' : 'POD',
  };
}

export function sandboxSecurity(pod: Pod): SandboxSecurityContext {
  const { runAsUser, runAsGroup, supplementalGroups, fsGroup } = pod.spec.securityContext ?? {};
  const groups = [...(supplementalGroups ?? []), ...(fsGroup === undefined ? [] : [fsGroup])];
  const privileged = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some(
    ({ securityContext }) => securityContext?.privileged === true,
  );
  return {
    namespaceOptions: podNamespaces(pod),
    privileged,
    seccomp: seccomp(pod.spec.securityContext?.seccompProfile ?? { type: 'RuntimeDefault' }),
    supplementalGroups: groups,
    ...(runAsUser !== undefined && { runAsUser }),
    // The runtime refuses a group without a user.
    ...(runAsUser !== undefined && runAsGroup !== undefined && { runAsGroup }),
  };
}

function seccomp(profile: SeccompProfile | undefined): SecurityProfile {
  const { type = 'Unconfined', localhostProfile = '' } = profile ?? {};
  if (type !== 'Localhost') return { profileType: type === 'RuntimeDefault' ? 'RuntimeDefault' : 'Unconfined' };
  if (localhostProfile === '') {
    throw new StatusError('BadRequest', 'localhostProfile must be set if seccompProfile type is Localhost.');
  }
  return { profileType: 'Localhost', localhostRef: localhostProfile };
}

/** The container's own settings over the pod's; the image's user where neither says one. */
export function containerSecurity(
  pod: Pod,
  spec: Container | EphemeralContainer,
  image: Image | undefined,
): ContainerSecurityContext {
  // The container's fields win over the pod's of the same name.
  const merged = { ...pod.spec.securityContext, ...spec.securityContext };
  const { privileged = false, runAsGroup, capabilities, readOnlyRootFilesystem = false } = merged;
  return {
    namespaceOptions: podNamespaces(pod),
    privileged,
    readonlyRootfs: readOnlyRootFilesystem,
    noNewPrivs: merged.allowPrivilegeEscalation === false,
    supplementalGroups: sandboxSecurity(pod).supplementalGroups ?? [],
    ...hiddenPaths(privileged || merged.procMount === 'Unmasked'),
    seccomp: privileged ? { profileType: 'Unconfined' } : seccomp(merged.seccompProfile),
    ...userOf(merged.runAsUser ?? image?.uid, image),
    ...(runAsGroup !== undefined && { runAsGroup }),
    capabilities: capabilitiesOf(capabilities),
  };
}

function capabilitiesOf({ add = [], drop = [] }: Capabilities = {}): NonNullable<
  ContainerSecurityContext['capabilities']
> {
  return { addCapabilities: add, dropCapabilities: drop };
}

function hiddenPaths(none: boolean): Pick<ContainerSecurityContext, 'maskedPaths' | 'readonlyPaths'> {
  return none ? { maskedPaths: [], readonlyPaths: [] } : { maskedPaths, readonlyPaths };
}

function userOf(
  uid: number | undefined,
  image: Image | undefined,
): Pick<ContainerSecurityContext, 'runAsUser' | 'runAsUsername'> {
  if (uid !== undefined) return { runAsUser: uid };
  return image?.username ? { runAsUsername: image.username } : {};
}

/** Why a container that must not run as root would; undefined when it would not. */
export function rootRefused(
  pod: Pod,
  spec: Container | EphemeralContainer,
  image: Image | undefined,
): string | undefined {
  const { runAsNonRoot, runAsUser } = { ...pod.spec.securityContext, ...spec.securityContext };
  if (!runAsNonRoot) return undefined;
  const where = `(pod: ${JSON.stringify(podTitle(pod))}, container: ${spec.name})`;
  if (runAsUser !== undefined) {
    return runAsUser === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  }
  return imageIsRoot(image, where);
}

function imageIsRoot(image: Image | undefined, where: string): string | undefined {
  if (image?.uid !== undefined && image.uid !== 0) return undefined;
  if (image?.uid === undefined && image?.username) {
    return `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`;
  }
  return `container has runAsNonRoot and image will run as root ${where}`;
}
