import type { ContainerStats, NodeUsage, SandboxStats } from '@kubephant/node';
import { labels } from '../pods/labels';
import type { KubeletParts } from '../kubelet';

/** What the runtime and the host measured at one moment. */
export interface Measurements {
  readonly node: NodeUsage;
  readonly containers: readonly ContainerStats[];
  readonly sandboxes: readonly SandboxStats[];
  /** When containers were started, by id. */
  readonly startedAtMs: ReadonlyMap<string, number>;
}

export async function measure({ deps, workers }: KubeletParts, signal: AbortSignal): Promise<Measurements> {
  const [node, containers, sandboxes] = await Promise.all([
    deps.host.usage(),
    deps.runtime.listContainerStats({}, signal),
    deps.runtime.listSandboxStats({}, signal),
  ]);
  const known = [...workers.all()].flatMap(({ runtime }) => runtime.containers);
  return { node, containers, sandboxes, startedAtMs: new Map(known.map((one) => [one.id, one.startedAtMs])) };
}

const time = (ms: number): string => new Date(ms).toISOString();

/** The body of /stats/summary (stats.k8s.io Summary), as far as the runtime measures it. */
export async function summary(parts: KubeletParts, signal: AbortSignal): Promise<object> {
  const measured = await measure(parts, signal);
  const { node } = measured;
  const { host, settings } = parts.deps;
  const disk = await host.filesystem('/');
  return {
    node: {
      nodeName: settings.nodeName,
      startTime: time(node.timestampMs),
      cpu: { time: time(node.timestampMs), usageCoreNanoSeconds: node.cpuNanoSeconds },
      memory: {
        time: time(node.timestampMs),
        availableBytes: node.memoryAvailableBytes,
        usageBytes: node.memoryUsageBytes,
        workingSetBytes: node.memoryWorkingSetBytes,
      },
      fs: {
        time: time(node.timestampMs),
        availableBytes: disk.availableBytes,
        capacityBytes: disk.capacityBytes,
        usedBytes: disk.capacityBytes - disk.availableBytes,
        inodes: disk.inodes,
        inodesFree: disk.inodesFree,
      },
      rlimit: { time: time(node.timestampMs), maxpid: node.maxPids, curproc: node.pids },
    },
    pods: measured.sandboxes.map((sandbox) => podSummary(sandbox, measured)),
  };
}

function podSummary(sandbox: SandboxStats, { containers }: Measurements): object {
  const { name, namespace, uid } = sandbox.metadata;
  const own = containers.filter((one) => one.labels[labels.podUid] === uid);
  return {
    podRef: { name, namespace, uid },
    containers: own.map((one) => ({ name: one.metadata.name, ...usage(one) })),
    ...usage(sandbox),
    ...(sandbox.network && {
      network: {
        time: time(sandbox.network.timestampMs),
        ...sandbox.network.interfaces[0],
        interfaces: sandbox.network.interfaces,
      },
    }),
    ...(sandbox.processCount !== undefined && { process_stats: { process_count: sandbox.processCount } }),
  };
}

function usage({ cpu, memory }: Pick<ContainerStats, 'cpu' | 'memory'>): object {
  return {
    ...(cpu && {
      cpu: {
        time: time(cpu.timestampMs),
        ...(cpu.usageNanoCores !== undefined && { usageNanoCores: cpu.usageNanoCores }),
        usageCoreNanoSeconds: cpu.usageCoreNanoSeconds,
      },
    }),
    ...(memory && {
      memory: {
        time: time(memory.timestampMs),
        usageBytes: memory.usageBytes,
        workingSetBytes: memory.workingSetBytes,
        rssBytes: memory.rssBytes,
        pageFaults: memory.pageFaults,
        majorPageFaults: memory.majorPageFaults,
      },
    }),
  };
}
