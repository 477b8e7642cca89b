import type { CgroupUsage, ContainerStats, InterfaceCounters, SandboxStats, TrafficCounters } from '@kubephant/node';
import type { KubeletParts } from '../kubelet';
import { labels } from '../pods/labels';
import { podCgroup } from '../pods/resources';
import type { PodWorker } from '../podworkers/pod-worker';
import { readySandbox } from '../runtime/pod-runtime';
import { exposition, type Sample } from './exposition';
import type { Measurements } from './stats';

/** A container, or a pod as a whole, with what the runtime and its control group say of it. */
export interface Measured {
  readonly labels: Readonly<Record<'container' | 'id' | 'image' | 'name' | 'namespace' | 'pod', string>>;
  readonly stats: Pick<SandboxStats, 'cpu' | 'memory' | 'network'>;
  readonly cgroup: CgroupUsage | undefined;
}

/** Adds to what the runtime measured what the control groups of the same containers and pods know. */
export async function withCgroups(
  { deps, workers }: KubeletParts,
  { containers, sandboxes }: Measurements,
): Promise<readonly Measured[]> {
  const groupOf = (worker: PodWorker | undefined): string =>
    worker ? podCgroup(deps.settings.cgroupRoot, worker.pod) : '';
  const usage = async (path: string): Promise<CgroupUsage | undefined> =>
    path === '' ? undefined : await deps.host.cgroups.usage(path);
  const workerOf = (one: ContainerStats | SandboxStats): PodWorker | undefined =>
    workers.get(one.labels[labels.podUid] ?? '');
  return await Promise.all([
    ...containers.map(async (stats) => {
      const worker = workerOf(stats);
      const path = worker ? `${groupOf(worker)}/${stats.id}` : '';
      const image = worker?.runtime.containers.find(({ id }) => id === stats.id)?.image ?? '';
      const cgroup = await usage(path);
      return { labels: { ...named(stats), id: path, image, name: stats.id }, stats, cgroup: cgroup && inside(cgroup) };
    }),
    ...sandboxes.map(async (stats) => {
      const worker = workerOf(stats);
      const path = groupOf(worker);
      const cgroup = await usage(path);
      const sandbox = worker && (await usage(`${path}/${stats.id}`));
      const ofItself = cgroup && { ...inside(cgroup), ...networkOf(worker, sandbox) };
      return { labels: { ...named(stats), id: path, image: '', name: '' }, stats, cgroup: ofItself };
    }),
  ]);
}

/** The network is the pod's; its containers share it. */
function inside({ network: _, ...usage }: CgroupUsage): CgroupUsage {
  return usage;
}

/** A pod in the host's network has no traffic of its own. */
function networkOf(worker: PodWorker | undefined, sandbox: CgroupUsage | undefined): Pick<CgroupUsage, 'network'> {
  const own = worker && !worker.pod.spec.hostNetwork && readySandbox(worker.runtime) !== undefined;
  return own && sandbox?.network ? { network: sandbox.network } : {};
}

function named({ labels: found }: ContainerStats | SandboxStats): Record<'container' | 'namespace' | 'pod', string> {
  return {
    container: found[labels.containerName] ?? '',
    namespace: found[labels.podNamespace] ?? '',
    pod: found[labels.podName] ?? '',
  };
}

type Reading = { readonly value: number | undefined; readonly labels?: Readonly<Record<string, string>> };
type Definition = readonly [
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  read: (one: Measured) => readonly Reading[],
];

const one = (value: number | undefined): readonly Reading[] => [{ value }];
const seconds = (nanoSeconds: number | undefined): number | undefined =>
  nanoSeconds === undefined ? undefined : nanoSeconds / 1e9;

const devices =
  (field: 'readBytes' | 'writtenBytes' | 'reads' | 'writes') =>
  ({ cgroup }: Measured): readonly Reading[] =>
    (cgroup?.io ?? []).map((device) => ({ value: device[field], labels: { device: device.device } }));

/** From the network itself where it can be seen; else the few figures that CRI has of it. */
const traffic =
  (way: 'received' | 'transmitted', field: keyof TrafficCounters) =>
  ({ cgroup, stats }: Measured): readonly Reading[] =>
    (cgroup?.network ?? stats.network?.interfaces.map(fromRuntime) ?? []).map((found) => ({
      value: found[way]?.[field],
      labels: { interface: found.name },
    }));

type PartlyCounted = Pick<InterfaceCounters, 'name'> &
  Record<'received' | 'transmitted', Partial<TrafficCounters> | undefined>;

function fromRuntime(found: NonNullable<SandboxStats['network']>['interfaces'][number]): PartlyCounted {
  return {
    name: found.name,
    received: { bytes: found.rxBytes, errors: found.rxErrors },
    transmitted: { bytes: found.txBytes, errors: found.txErrors },
  };
}

const trafficFields = ['bytes', 'packets', 'errors', 'dropped'] as const;
const trafficNames = { bytes: 'bytes', packets: 'packets', errors: 'errors', dropped: 'packets_dropped' } as const;
const ways = { received: 'receive', transmitted: 'transmit' } as const;

const networkFamilies = (Object.keys(ways) as (keyof typeof ways)[]).flatMap((way) =>
  trafficFields.map((field): Definition => {
    const name = trafficNames[field];
    const help = `Cumulative count of ${name.replace('_', ' ')} ${way}`;
    return [`container_network_${ways[way]}_${name}_total`, 'counter', help, traffic(way, field)];
  }),
);

const families: readonly Definition[] = [
  [
    'container_cpu_usage_seconds_total',
    'counter',
    'Cumulative cpu time consumed in seconds.',
    ({ stats }) => one(seconds(stats.cpu?.usageCoreNanoSeconds)),
  ],
  [
    'container_cpu_cfs_periods_total',
    'counter',
    'Number of elapsed enforcement period intervals.',
    ({ cgroup }) => one(cgroup?.cpu?.periods),
  ],
  [
    'container_cpu_cfs_throttled_periods_total',
    'counter',
    'Number of throttled period intervals.',
    ({ cgroup }) => one(cgroup?.cpu?.throttledPeriods),
  ],
  [
    'container_cpu_cfs_throttled_seconds_total',
    'counter',
    'Total time duration the container has been throttled.',
    ({ cgroup }) => one(seconds(cgroup?.cpu?.throttledNanoSeconds)),
  ],
  [
    'container_memory_usage_bytes',
    'gauge',
    'Current memory usage in bytes, including all memory regardless of when it was accessed',
    ({ stats }) => one(stats.memory?.usageBytes),
  ],
  [
    'container_memory_working_set_bytes',
    'gauge',
    'Current working set in bytes.',
    ({ stats }) => one(stats.memory?.workingSetBytes),
  ],
  [
    'container_memory_rss',
    'gauge',
    'Size of RSS in bytes.',
    ({ cgroup, stats }) => one(cgroup?.memory?.rssBytes ?? stats.memory?.rssBytes),
  ],
  [
    'container_memory_cache',
    'gauge',
    'Number of bytes of page cache memory.',
    ({ cgroup }) => one(cgroup?.memory?.cacheBytes),
  ],
  ['container_memory_swap', 'gauge', 'Container swap usage in bytes.', ({ cgroup }) => one(cgroup?.memory?.swapBytes)],
  ['container_fs_reads_total', 'counter', 'Cumulative count of reads completed', devices('reads')],
  ['container_fs_reads_bytes_total', 'counter', 'Cumulative count of bytes read', devices('readBytes')],
  ['container_fs_writes_total', 'counter', 'Cumulative count of writes completed', devices('writes')],
  ['container_fs_writes_bytes_total', 'counter', 'Cumulative count of bytes written', devices('writtenBytes')],
  ...networkFamilies,
];

/** /metrics/cadvisor: cAdvisor's names and labels; a pod as a whole has no container name. */
export function cadvisorMetrics(all: readonly Measured[], nowMs: number): string {
  return exposition(
    families.map(([name, type, help, read]) => ({
      name,
      type,
      help,
      samples: all.flatMap((measured) =>
        read(measured).flatMap(({ value, labels: extra }): Sample[] => {
          const timestampMs = measured.stats.cpu?.timestampMs ?? nowMs;
          return value === undefined ? [] : [{ labels: { ...measured.labels, ...extra }, value, timestampMs }];
        }),
      ),
    })),
  );
}
