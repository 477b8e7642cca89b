import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  boolean,
  leadershipFlags,
  securePortFlags,
  wholeNumber,
  type LeadershipOptions,
  type SecurePortOptions,
} from '@kubephant/component-base';
import {
  defaultNodeLifecycle,
  defaultPodGc,
  defaultResourceQuota,
  parsePools,
  type ControllersConfig,
} from '@kubephant/controllers';

export interface Options extends SecurePortOptions, LeadershipOptions {
  readonly kubeconfig: string;
  readonly controllers: string;
  readonly useServiceAccountCredentials: boolean;
  readonly allocateNodeCidrs: boolean;
  readonly clusterCidr?: string;
  readonly nodeCidrMaskSizeIpv4?: number;
  readonly nodeCidrMaskSizeIpv6?: number;
  readonly rootCaFile?: string;
  readonly nodeMonitorGracePeriod: number;
  readonly nodeMonitorPeriod: number;
  readonly maxEndpointsPerSlice: number;
  readonly mirroringMaxEndpointsPerSubset: number;
  readonly terminatedPodGcThreshold: number;
  readonly resourceQuotaSyncPeriod: number;
}

/** Upstream's flag → the controller whose workers it sets. */
const workerFlags = {
  'concurrent-deployment-syncs': 'deployment-controller',
  'concurrent-replicaset-syncs': 'replicaset-controller',
  'concurrent-rc-syncs': 'replicationcontroller-controller',
  'concurrent-endpoint-syncs': 'endpoints-controller',
  'concurrent-service-endpoint-syncs': 'endpointslice-controller',
  'mirroring-concurrent-service-endpoint-syncs': 'endpointslice-mirroring-controller',
  'concurrent-namespace-syncs': 'namespace-controller',
  'concurrent-gc-syncs': 'garbage-collector-controller',
  'concurrent-resource-quota-syncs': 'resourcequota-controller',
} as const;

/** How many keys each controller works on at a time, where a flag says so. */
export function workersOf(options: object): Record<string, number> {
  const values = options as Readonly<Record<string, unknown>>;
  const given = Object.entries(workerFlags).map(([flag, controller]) => [controller, values[camel(flag)]] as const);
  return Object.fromEntries(
    given.filter((entry): entry is [(typeof entry)[0], number] => typeof entry[1] === 'number'),
  );
}

const camel = (flag: string): string => flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Go's notation, `40s` or `1m30s`, in milliseconds. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text)
    throw new Error(`${JSON.stringify(text)} is not a duration`);
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}

/** Upstream's flags, with upstream's defaults but for the credentials: one service account per controller. */
export function flags(command: Command): Command {
  leadershipFlags(securePortFlags(command, 10257))
    .requiredOption('--kubeconfig <file>', 'how to reach the API server')
    .option('--controllers <list>', "'*' all, 'name' one, '-name' all but one; separated by commas", '*')
    .option(
      '--use-service-account-credentials <bool>',
      'whether each controller has an identity of its own',
      boolean,
      true,
    )
    .option('--allocate-node-cidrs <bool>', 'whether nodes get ranges of pod addresses', boolean, false)
    .option('--cluster-cidr <ranges>', 'where they come from: one range, or one of each family')
    .option('--node-cidr-mask-size-ipv4 <bits>', 'size of a range (default: 24)', wholeNumber)
    .option('--node-cidr-mask-size-ipv6 <bits>', 'size of a range (default: 64)', wholeNumber)
    .option('--root-ca-file <file>', 'certificate authority that pods are to trust')
    .option('--service-account-private-key-file <file>', 'not used: tokens are signed by the API server')
    .option('--node-monitor-grace-period <duration>', 'silence after which a node is unknown', duration, 50_000)
    .option('--node-monitor-period <duration>', 'how often nodes are looked at', duration, 5000)
    .option('--terminated-pod-gc-threshold <count>', 'pods that are over and kept', wholeNumber, 12_500)
    .option('--resource-quota-sync-period <duration>', 'how often quotas are counted anew', duration, 300_000)
    .option('--max-endpoints-per-slice <count>', 'endpoints in one EndpointSlice', wholeNumber, 100)
    .option('--mirroring-max-endpoints-per-subset <count>', 'addresses mirrored of one subset', wholeNumber, 1000);
  for (const flag of Object.keys(workerFlags))
    command.option(`--${flag} <count>`, 'keys worked on at a time', wholeNumber);
  return command;
}

/** The controllers' configuration as the flags say it. Rejects when they contradict each other or name no file. */
export async function configOf(options: Options): Promise<ControllersConfig> {
  const {
    allocateNodeCidrs,
    clusterCidr,
    nodeCidrMaskSizeIpv4: ipv4,
    nodeCidrMaskSizeIpv6: ipv6,
    rootCaFile,
  } = options;
  if (allocateNodeCidrs && clusterCidr === undefined) throw new Error('--allocate-node-cidrs needs --cluster-cidr');
  const sizes = { ...(ipv4 !== undefined && { ipv4 }), ...(ipv6 !== undefined && { ipv6 }) };
  const { nodeMonitorGracePeriod: gracePeriodMs, nodeMonitorPeriod: monitorPeriodMs } = options;
  return {
    controllers: options.controllers.split(',').map((name) => name.trim()),
    workers: workersOf(options),
    ...(rootCaFile !== undefined && { rootCa: await readFile(rootCaFile, 'utf8') }),
    ...(allocateNodeCidrs && clusterCidr !== undefined && { pools: parsePools(clusterCidr, sizes) }),
    nodeLifecycle: { ...defaultNodeLifecycle, gracePeriodMs, monitorPeriodMs },
    maxEndpointsPerSlice: options.maxEndpointsPerSlice,
    maxMirroredPerSubset: options.mirroringMaxEndpointsPerSubset,
    podGc: { ...defaultPodGc, terminatedThreshold: options.terminatedPodGcThreshold },
    resourceQuota: { ...defaultResourceQuota, syncPeriodMs: options.resourceQuotaSyncPeriod },
  };
}
