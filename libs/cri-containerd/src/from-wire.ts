import type {
  Container,
  ContainerStats,
  ContainerStatus,
  CpuUsage,
  FilesystemUsage,
  Image,
  InterfaceUsage,
  MemoryUsage,
  PodSandbox,
  PodSandboxStatus,
  SandboxStats,
} from '@kubephant/node';
import type * as wire from './wire';

/** CRI counts nanoseconds since the epoch, and has 0 (or Go's zero time, which is negative) for never. */
const toMs = (nanoseconds: number): number => Math.max(0, Math.floor(nanoseconds / 1e6));
const valueOf = (wrapped: wire.WireValue | null): number => wrapped?.value ?? 0;
const noMetadata = { name: '', namespace: '', uid: '', attempt: 0 };
const metadataOf = (metadata: wire.WireMetadata | null): { name: string; attempt: number } => ({
  name: metadata?.name ?? '',
  attempt: metadata?.attempt ?? 0,
});

export function sandbox(from: wire.WireSandbox): PodSandbox {
  const { id, metadata, state, createdAt, labels, annotations, runtimeHandler } = from;
  return {
    id,
    metadata: metadata ?? noMetadata,
    state,
    createdAtMs: toMs(createdAt),
    labels,
    annotations,
    runtimeHandler,
  };
}

export function sandboxStatus(from: wire.WireSandboxStatus): PodSandboxStatus {
  const ips = from.network ? [from.network.ip, ...from.network.additionalIps.map(({ ip }) => ip)] : [];
  const namespaces = from.linux?.namespaces?.options;
  return { ...sandbox(from), ips: ips.filter((ip) => ip !== ''), ...(namespaces && { namespaces }) };
}

export function container(from: wire.WireContainer): Container {
  return { ...commonOf(from), sandboxId: from.podSandboxId };
}

function commonOf(from: Omit<wire.WireContainer, 'podSandboxId'>): Omit<Container, 'sandboxId'> {
  const { id, metadata, image, imageRef, state, createdAt, labels, annotations } = from;
  const named = image?.userSpecifiedImage ? image.userSpecifiedImage : (image?.image ?? '');
  return {
    id,
    metadata: metadataOf(metadata),
    image: named,
    imageRef,
    state,
    createdAtMs: toMs(createdAt),
    labels,
    annotations,
  };
}

export function containerStatus(from: wire.WireContainerStatus, sandboxId: string): ContainerStatus {
  const { startedAt, finishedAt, exitCode, reason, message, logPath } = from;
  const user = from.user?.linux;
  const resources = from.resources?.linux;
  return {
    ...commonOf(from),
    sandboxId,
    startedAtMs: toMs(startedAt),
    finishedAtMs: toMs(finishedAt),
    exitCode,
    reason,
    message,
    logPath,
    ...(resources && { resources }),
    ...(user && { user }),
  };
}

export function containerStats({ attributes, cpu, memory, writableLayer }: wire.WireContainerStats): ContainerStats {
  return {
    id: attributes?.id ?? '',
    metadata: metadataOf(attributes?.metadata ?? null),
    labels: attributes?.labels ?? {},
    ...(cpu && { cpu: cpuUsage(cpu) }),
    ...(memory && { memory: memoryUsage(memory) }),
    ...(writableLayer && {
      writableLayer: { usedBytes: valueOf(writableLayer.usedBytes), inodesUsed: valueOf(writableLayer.inodesUsed) },
    }),
  };
}

export function sandboxStats({ attributes, linux }: wire.WireSandboxStats): SandboxStats {
  return {
    id: attributes?.id ?? '',
    metadata: attributes?.metadata ?? noMetadata,
    labels: attributes?.labels ?? {},
    ...(linux && sandboxUsage(linux)),
  };
}

function sandboxUsage({
  cpu,
  memory,
  network,
  process,
}: NonNullable<wire.WireSandboxStats['linux']>): Partial<SandboxStats> {
  return {
    ...(cpu && { cpu: cpuUsage(cpu) }),
    ...(memory && { memory: memoryUsage(memory) }),
    ...(network && { network: networkUsage(network) }),
    ...(process && { processCount: valueOf(process.processCount) }),
  };
}

function networkUsage(from: wire.WireNetwork): NonNullable<SandboxStats['network']> {
  const interfaces = [from.defaultInterface, ...from.interfaces].filter((one) => one !== null);
  return { timestampMs: toMs(from.timestamp), interfaces: interfaces.map(interfaceUsage) };
}

function cpuUsage({ timestamp, usageCoreNanoSeconds, usageNanoCores }: wire.WireCpu): CpuUsage {
  return {
    timestampMs: toMs(timestamp),
    usageCoreNanoSeconds: valueOf(usageCoreNanoSeconds),
    ...(usageNanoCores && { usageNanoCores: usageNanoCores.value }),
  };
}

function memoryUsage(from: wire.WireMemory): MemoryUsage {
  return {
    timestampMs: toMs(from.timestamp),
    workingSetBytes: valueOf(from.workingSetBytes),
    usageBytes: valueOf(from.usageBytes),
    rssBytes: valueOf(from.rssBytes),
    pageFaults: valueOf(from.pageFaults),
    majorPageFaults: valueOf(from.majorPageFaults),
  };
}

function interfaceUsage(from: wire.WireInterface): InterfaceUsage {
  return {
    name: from.name,
    rxBytes: valueOf(from.rxBytes),
    rxErrors: valueOf(from.rxErrors),
    txBytes: valueOf(from.txBytes),
    txErrors: valueOf(from.txErrors),
  };
}

export function filesystemUsage(from: wire.WireFilesystem): FilesystemUsage {
  return {
    timestampMs: toMs(from.timestamp),
    mountpoint: from.fsId?.mountpoint ?? '',
    usedBytes: valueOf(from.usedBytes),
    inodesUsed: valueOf(from.inodesUsed),
  };
}

export function image({ id, repoTags, repoDigests, size, uid, username, pinned }: wire.WireImage): Image {
  return {
    id,
    repoTags,
    repoDigests,
    sizeBytes: size,
    ...(uid && { uid: uid.value }),
    ...(username && { username }),
    pinned,
  };
}
