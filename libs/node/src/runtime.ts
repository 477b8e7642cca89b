import type { ContainerConfig, LinuxResources, NamespaceOptions, PodSandboxConfig, PodSandboxMetadata } from './config';

export type SandboxState = 'READY' | 'NOTREADY';
export type ContainerState = 'CREATED' | 'RUNNING' | 'EXITED' | 'UNKNOWN';

export interface RuntimeVersion {
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  readonly runtimeApiVersion: string;
}

export interface RuntimeCondition {
  /** `RuntimeReady` and `NetworkReady` are always there. */
  readonly type: string;
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

export interface PodSandbox {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly state: SandboxState;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runtimeHandler: string;
}

export interface PodSandboxStatus extends PodSandbox {
  /** The primary address first; empty for a sandbox in the host's network. */
  readonly ips: readonly string[];
  readonly namespaces?: NamespaceOptions | undefined;
}

export interface Container {
  readonly id: string;
  readonly sandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number };
  /** The image as the container was created with. */
  readonly image: string;
  /** What the runtime resolved it to: a digest or an id. */
  readonly imageRef: string;
  readonly state: ContainerState;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ContainerStatus extends Container {
  /** 0 until it happened. */
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly exitCode: number;
  /** `Completed`, `Error`, `OOMKilled`, …; empty while running. */
  readonly reason: string;
  readonly message: string;
  readonly logPath: string;
  readonly resources?: LinuxResources | undefined;
  readonly user?: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
}

export interface SandboxFilter {
  readonly id?: string;
  readonly state?: SandboxState;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ContainerFilter {
  readonly id?: string;
  readonly state?: ContainerState;
  readonly sandboxId?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ExecSyncResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
}

export interface StreamRequest {
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  /** Must be false with a tty. */
  readonly stderr: boolean;
}

export interface CpuUsage {
  readonly timestampMs: number;
  readonly usageCoreNanoSeconds: number;
  /** Rate over the runtime's last interval; absent where the runtime does not measure it. */
  readonly usageNanoCores?: number | undefined;
}

export interface MemoryUsage {
  readonly timestampMs: number;
  readonly workingSetBytes: number;
  readonly usageBytes: number;
  readonly rssBytes: number;
  readonly pageFaults: number;
  readonly majorPageFaults: number;
}

export interface ContainerStats {
  readonly id: string;
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly labels: Readonly<Record<string, string>>;
  readonly cpu?: CpuUsage | undefined;
  readonly memory?: MemoryUsage | undefined;
  readonly writableLayer?: { readonly usedBytes: number; readonly inodesUsed: number } | undefined;
}

export interface InterfaceUsage {
  readonly name: string;
  readonly rxBytes: number;
  readonly rxErrors: number;
  readonly txBytes: number;
  readonly txErrors: number;
}

export interface SandboxStats {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly labels: Readonly<Record<string, string>>;
  readonly cpu?: CpuUsage | undefined;
  readonly memory?: MemoryUsage | undefined;
  readonly network?: { readonly timestampMs: number; readonly interfaces: readonly InterfaceUsage[] } | undefined;
  readonly processCount?: number | undefined;
}

export interface ContainerEvent {
  readonly containerId: string;
  readonly podUid: string;
  readonly type: 'CREATED' | 'STARTED' | 'STOPPED' | 'DELETED';
}

/**
 * CRI's RuntimeService, verb by verb (kubernetes/cri-api v1). Every call rejects with a StatusError: NotFound for an id
 * the runtime does not know, NotImplemented for a verb it does not have, Timeout, ServiceUnavailable while it cannot be
 * reached, InternalError otherwise. Stop and remove of what is gone already succeed.
 */
export interface RuntimeService {
  version(signal: AbortSignal): Promise<RuntimeVersion>;
  status(signal: AbortSignal): Promise<readonly RuntimeCondition[]>;
  /** Tells the runtime the node's pod network, where it allocates addresses itself. */
  updateRuntimeConfig(podCidr: string, signal: AbortSignal): Promise<void>;
  /** Undefined: the runtime does not say. */
  cgroupDriver(signal: AbortSignal): Promise<'systemd' | 'cgroupfs' | undefined>;

  runPodSandbox(config: PodSandboxConfig, handler: string, signal: AbortSignal): Promise<string>;
  /** Also stops the sandbox's containers, at once, and gives its address back. */
  stopPodSandbox(id: string, signal: AbortSignal): Promise<void>;
  removePodSandbox(id: string, signal: AbortSignal): Promise<void>;
  podSandboxStatus(id: string, signal: AbortSignal): Promise<PodSandboxStatus>;
  listPodSandboxes(filter: SandboxFilter, signal: AbortSignal): Promise<readonly PodSandbox[]>;

  createContainer(
    sandboxId: string,
    config: ContainerConfig,
    sandbox: PodSandboxConfig,
    signal: AbortSignal,
  ): Promise<string>;
  startContainer(id: string, signal: AbortSignal): Promise<void>;
  /** TERM (or the image's stop signal), then KILL after the grace; resolves once the container has exited. */
  stopContainer(id: string, graceMs: number, signal: AbortSignal): Promise<void>;
  /** Also kills it when it still runs. */
  removeContainer(id: string, signal: AbortSignal): Promise<void>;
  containerStatus(id: string, signal: AbortSignal): Promise<ContainerStatus>;
  listContainers(filter: ContainerFilter, signal: AbortSignal): Promise<readonly Container[]>;
  updateContainerResources(id: string, resources: LinuxResources, signal: AbortSignal): Promise<void>;
  /** After the log file was renamed: writes go to a new file under the old name. */
  reopenContainerLog(id: string, signal: AbortSignal): Promise<void>;

  /** Runs a command in the container without a tty; rejects with Timeout after `timeoutMs` (0: never). */
  execSync(id: string, cmd: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<ExecSyncResult>;
  /** The URL under which `StreamDialer` opens the session; valid once, for about a minute. */
  exec(id: string, cmd: readonly string[], streams: StreamRequest, signal: AbortSignal): Promise<string>;
  attach(id: string, streams: StreamRequest, signal: AbortSignal): Promise<string>;
  /**
   * The URL of a session that carries one connection to a port in the sandbox's network: channel 0 is its data, which
   * either side ends with the message 255, 0; channel 1 says in text what went wrong.
   */
  portForward(sandboxId: string, port: number, signal: AbortSignal): Promise<string>;

  containerStats(id: string, signal: AbortSignal): Promise<ContainerStats>;
  listContainerStats(filter: Omit<ContainerFilter, 'state'>, signal: AbortSignal): Promise<readonly ContainerStats[]>;
  listSandboxStats(filter: Omit<SandboxFilter, 'state'>, signal: AbortSignal): Promise<readonly SandboxStats[]>;
  /** Throws NotImplemented where the runtime has no events: list instead. */
  events(signal: AbortSignal): AsyncIterable<ContainerEvent>;
}

/** One end of an upgraded connection to the runtime, as messages. */
export interface StreamSocket {
  readonly protocol: string;
  /** Ends when the peer closes. */
  readonly messages: AsyncIterable<Buffer>;
  /** Resolves when the socket can take more. */
  send(data: Uint8Array): Promise<void>;
  close(): void;
}

/** Opens a URL that exec, attach or portForward gave, offering the subprotocols in order of preference. */
export type StreamDialer = (url: string, protocols: readonly string[], signal: AbortSignal) => Promise<StreamSocket>;
