/** Decoded messages as the codec gives them: every field present, messages null when they were absent. */
export interface WireValue {
  readonly value: number;
}
export interface WireMetadata {
  readonly name: string;
  readonly attempt: number;
}
export type WireSandboxMetadata = WireMetadata & { readonly uid: string; readonly namespace: string };
type Labels = Readonly<Record<string, string>>;

export interface WireNamespaceOption {
  readonly network: 'POD' | 'CONTAINER' | 'NODE' | 'TARGET';
  readonly pid: WireNamespaceOption['network'];
  readonly ipc: WireNamespaceOption['network'];
}

export interface WireSandbox {
  readonly id: string;
  readonly metadata: WireSandboxMetadata | null;
  readonly state: 'READY' | 'NOTREADY';
  readonly createdAt: number;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly runtimeHandler: string;
}

export interface WireSandboxStatus extends WireSandbox {
  readonly network: { readonly ip: string; readonly additionalIps: readonly { readonly ip: string }[] } | null;
  readonly linux: { readonly namespaces: { readonly options: WireNamespaceOption | null } | null } | null;
}

export interface WireImageSpec {
  readonly image: string;
  readonly userSpecifiedImage: string;
}

export interface WireContainer {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: WireMetadata | null;
  readonly image: WireImageSpec | null;
  readonly imageRef: string;
  readonly state: 'CREATED' | 'RUNNING' | 'EXITED' | 'UNKNOWN';
  readonly createdAt: number;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface WireResources {
  readonly cpuPeriod: number;
  readonly cpuQuota: number;
  readonly cpuShares: number;
  readonly memoryLimitInBytes: number;
  readonly oomScoreAdj: number;
}

export interface WireContainerStatus extends Omit<WireContainer, 'podSandboxId'> {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly logPath: string;
  readonly resources: { readonly linux: WireResources | null } | null;
  readonly user: {
    readonly linux: {
      readonly uid: number;
      readonly gid: number;
      readonly supplementalGroups: readonly number[];
    } | null;
  } | null;
}

export interface WireCpu {
  readonly timestamp: number;
  readonly usageCoreNanoSeconds: WireValue | null;
  readonly usageNanoCores: WireValue | null;
}

export interface WireMemory {
  readonly timestamp: number;
  readonly workingSetBytes: WireValue | null;
  readonly usageBytes: WireValue | null;
  readonly rssBytes: WireValue | null;
  readonly pageFaults: WireValue | null;
  readonly majorPageFaults: WireValue | null;
}

export interface WireFilesystem {
  readonly timestamp: number;
  readonly fsId: { readonly mountpoint: string } | null;
  readonly usedBytes: WireValue | null;
  readonly inodesUsed: WireValue | null;
}

export interface WireContainerStats {
  readonly attributes: { readonly id: string; readonly metadata: WireMetadata | null; readonly labels: Labels } | null;
  readonly cpu: WireCpu | null;
  readonly memory: WireMemory | null;
  readonly writableLayer: WireFilesystem | null;
}

export interface WireInterface {
  readonly name: string;
  readonly rxBytes: WireValue | null;
  readonly rxErrors: WireValue | null;
  readonly txBytes: WireValue | null;
  readonly txErrors: WireValue | null;
}

export interface WireNetwork {
  readonly timestamp: number;
  readonly defaultInterface: WireInterface | null;
  readonly interfaces: readonly WireInterface[];
}

export interface WireSandboxStats {
  readonly attributes: {
    readonly id: string;
    readonly metadata: WireSandboxMetadata | null;
    readonly labels: Labels;
  } | null;
  readonly linux: {
    readonly cpu: WireCpu | null;
    readonly memory: WireMemory | null;
    readonly network: WireNetwork | null;
    readonly process: { readonly processCount: WireValue | null } | null;
  } | null;
}

export interface WireImage {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
  readonly uid: WireValue | null;
  readonly username: string;
  readonly pinned: boolean;
}

export interface WireEvent {
  readonly containerId: string;
  readonly containerEventType: 'CREATED' | 'STARTED' | 'STOPPED' | 'DELETED';
  readonly podSandboxStatus: WireSandboxStatus | null;
}
