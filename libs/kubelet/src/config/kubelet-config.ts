import type { Clock, Logger, Metrics } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { Host, ImageService, RuntimeService, StreamDialer } from '@kubephant/node';
import type { Taint } from '@kubephant/schema';

export interface KubeletDeps {
  /** Under the identity `system:node:NAME` in `system:nodes`. */
  readonly client: Client;
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly host: Host;
  /** Opens the sessions that exec, attach and port-forward get from the runtime. */
  readonly dialStream: StreamDialer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface KubeletConfig {
  readonly nodeName: string;
  /** Primary first; empty: the source address of the default route. */
  readonly nodeIPs: readonly string[];
  /** As upstream's --root-dir: volumes and what else pods have on the host. */
  readonly rootDirectory: string;
  readonly podLogsDirectory: string;
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  readonly maxPods: number;
  /** Where the kubelet's own API is reachable. */
  readonly port: number;
  readonly registerNode: boolean;
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly registerWithTaints: readonly Taint[];
  /** Control groups of pods are below `CGROUPROOT/kubepods`. */
  readonly cgroupRoot: string;
  /** The node's own resolver configuration, for pods that use it. */
  readonly resolvConf: string;
}
