import { createHash } from 'node:crypto';

/** What a path is; `mode` holds the permission bits alone. */
export interface FileInfo {
  readonly type: 'file' | 'directory' | 'symlink' | 'socket' | 'characterDevice' | 'blockDevice' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** Identifies the file while it exists: tells a rotated log from its successor. */
  readonly inode: string;
}

export interface Ownership {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** A file open for reading; stays readable after it was renamed or removed. */
export interface ReadableFile extends AsyncDisposable {
  info(): Promise<FileInfo>;
  /** Up to `length` bytes from `position`; empty at the end. */
  read(position: number, length: number): Promise<Buffer>;
}

/**
 * The node's files. Paths are absolute. Rejects with NotFound for what is not there, Forbidden for what may not be
 * done, AlreadyExists, and InternalError otherwise.
 */
export interface HostFiles {
  /** The path itself, links not followed; undefined when there is nothing. */
  stat(path: string): Promise<FileInfo | undefined>;
  /** With links followed. */
  realPath(path: string): Promise<string>;
  /** Makes the parents too; sets mode and owner of the last directory whatever the umask, also when it existed. */
  makeDirectory(path: string, ownership?: Ownership): Promise<void>;
  /** Creates or replaces the content, not atomically; mode and owner are set before any content is written. */
  writeFile(path: string, data: string | Uint8Array, ownership?: Ownership): Promise<void>;
  /** At most `maxBytes` from the start. */
  readFile(path: string, maxBytes?: number): Promise<Buffer>;
  open(path: string): Promise<ReadableFile>;
  /** Names in byte order; empty for a directory that is not there. */
  list(path: string): Promise<readonly string[]>;
  symlink(target: string, path: string): Promise<void>;
  readLink(path: string): Promise<string>;
  /** Replaces the destination atomically. */
  rename(from: string, to: string): Promise<void>;
  /** Everything below, links not followed; nothing there is fine. Refuses to cross into another mount. */
  remove(path: string): Promise<void>;
  /** Owner and group of everything below, and setgid on directories, for a volume with an fsGroup. */
  setGroup(path: string, gid: number): Promise<void>;
  compress(from: string, to: string): Promise<void>;
  /** Bytes and inodes used below the path. */
  usage(path: string): Promise<{ readonly usedBytes: number; readonly inodesUsed: number }>;
}

export interface HostMounts {
  tmpfs(path: string, options: { readonly sizeBytes?: number; readonly mode?: number }): Promise<void>;
  /**
   * Bind-mounts `subPath` of the directory `root` onto `target`, and makes it as a directory when it is missing.
   * Nothing an unprivileged writer of `root` does meanwhile can make it leave `root` (CVE-2021-25741): rejects with
   * Forbidden instead.
   */
  bindInside(root: string, subPath: string, target: string): Promise<void>;
  /** Fine when nothing is mounted there. */
  unmount(path: string): Promise<void>;
  /** Mount points at or below the path, deepest first. */
  below(path: string): Promise<readonly string[]>;
}

export interface MachineInfo {
  readonly machineId: string;
  readonly systemUuid: string;
  readonly bootId: string;
  readonly hostname: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly operatingSystem: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
}

export interface FilesystemInfo {
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly inodes: number;
  readonly inodesFree: number;
}

export interface NodeUsage {
  readonly timestampMs: number;
  readonly cpuNanoSeconds: number;
  readonly memoryUsageBytes: number;
  readonly memoryWorkingSetBytes: number;
  readonly memoryAvailableBytes: number;
  readonly pids: number;
  readonly maxPids: number;
}

export interface NetworkInterface {
  readonly name: string;
  readonly internal: boolean;
  readonly addresses: readonly string[];
}

export interface CgroupFacts {
  /** 1 for v1 and hybrid hierarchies, 2 for the unified one. */
  readonly version: 1 | 2;
  /** Where controllers may be used at all; a missing one means its limits are not enforced. */
  readonly controllers: readonly string[];
  /** False where the kernel forbids lowering a process' oom_score_adj. */
  readonly mayLowerOomScore: boolean;
}

export interface HttpProbe {
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly timeoutMs: number;
}

/** What a probe learned: `ok`, or why not. Redirects to other hosts are not followed. */
export interface ProbeAnswer {
  readonly ok: boolean;
  /** 0 without an answer. */
  readonly code: number;
  readonly output: string;
}

/** Reaching out from the node to a pod. Never rejects because of the peer: what went wrong is in the answer. */
export interface HostProber {
  http(probe: HttpProbe, signal: AbortSignal): Promise<ProbeAnswer>;
  tcp(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<ProbeAnswer>;
  /** grpc.health.v1.Health/Check in plain text; ok when SERVING. */
  grpc(
    target: { readonly host: string; readonly port: number; readonly service: string },
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ProbeAnswer>;
}

/** Limits of a control group; absent ones are left alone. */
export interface CgroupLimits {
  readonly cpuShares?: number;
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  readonly memoryLimitInBytes?: number;
}

/** What went one way through a network interface, since it was made. */
export interface TrafficCounters {
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
}

export interface InterfaceCounters {
  readonly name: string;
  readonly received: TrafficCounters;
  readonly transmitted: TrafficCounters;
}

export interface DeviceCounters {
  /** As `/dev/vda`, or its numbers where it has no name. */
  readonly device: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly reads: number;
  readonly writes: number;
}

/** What a control group has used, with the groups below it; a part is absent where no controller measures it. */
export interface CgroupUsage {
  readonly cpu?: {
    /** Periods in which it ran under a quota, and those of them in which it had to wait. */
    readonly periods: number;
    readonly throttledPeriods: number;
    readonly throttledNanoSeconds: number;
  };
  readonly memory?: { readonly cacheBytes: number; readonly rssBytes: number; readonly swapBytes: number };
  readonly io?: readonly DeviceCounters[];
  /** Of the network its first process is in; without those of a loopback interface. */
  readonly network?: readonly InterfaceCounters[];
}

/** Control groups by their path from the root, in whatever hierarchies the machine has. */
export interface HostCgroups {
  facts(): Promise<CgroupFacts>;
  /** Makes the group and its parents where missing, and sets the limits that the machine's controllers know. */
  ensure(path: string, limits: CgroupLimits): Promise<void>;
  /** With the groups below it; processes must be gone. Nothing there is fine. */
  remove(path: string): Promise<void>;
  /** Undefined: there is no such group. */
  usage(path: string): Promise<CgroupUsage | undefined>;
  /** Names of the groups directly below. */
  children(path: string): Promise<readonly string[]>;
}

/** The machine a kubelet runs on. */
export interface Host {
  readonly files: HostFiles;
  readonly mounts: HostMounts;
  readonly prober: HostProber;
  readonly cgroups: HostCgroups;
  machine(): Promise<MachineInfo>;
  usage(): Promise<NodeUsage>;
  filesystem(path: string): Promise<FilesystemInfo>;
  interfaces(): Promise<readonly NetworkInterface[]>;
  /** The source address of the default route: what other machines know this one by. */
  defaultAddress(): Promise<string | undefined>;
}

/**
 * The control group that a kubelet's pods are below when its root directory is not the usual one: kubelets that share a
 * machine must not share control groups. It stays when the kubelet ends, so whoever takes the node down removes it.
 */
export function cgroupRootOf(rootDirectory: string): string {
  return `/kubephant-${createHash('sha256').update(rootDirectory).digest('hex').slice(0, 8)}`;
}
