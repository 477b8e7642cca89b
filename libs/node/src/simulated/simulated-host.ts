import { StatusError } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Host, HostProber, MachineInfo } from '../host';
import { newMemoryFiles, type MemoryFiles } from './memory-files';

export interface SimulatedHostConfig {
  readonly hostname: string;
  readonly address: string;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  /** What probes find; by default everything answers. */
  readonly prober?: HostProber;
}

export interface SimulatedHost extends Host {
  readonly files: MemoryFiles;
  readonly mounted: ReadonlySet<string>;
}

const gibibyte = 2 ** 30;
const healthy: HostProber = {
  http: async () => ({ ok: true, code: 200, output: 'ok' }),
  tcp: async () => ({ ok: true, code: 0, output: '' }),
  grpc: async () => ({ ok: true, code: 0, output: '' }),
};

/** A machine that exists in memory only: its files, mounts and figures. */
export function newSimulatedHost(config: SimulatedHostConfig, clock: Clock): SimulatedHost {
  const { hostname, address, cpus = 4, memoryBytes = 16 * gibibyte } = config;
  const files = newMemoryFiles(() => clock.now());
  const mounted = new Set<string>();
  return {
    files,
    mounted,
    mounts: {
      tmpfs: async (path) => {
        mounted.add(path);
      },
      bindInside: async (root, subPath, target) => {
        await bindInside(files, root, subPath);
        await files.makeDirectory(target);
        mounted.add(target);
      },
      unmount: async (path) => {
        mounted.delete(path);
      },
      below: async (path) =>
        [...mounted]
          .filter((at) => at === path || at.startsWith(`${path}/`))
          .sort()
          .reverse(),
    },
    prober: config.prober ?? healthy,
    cgroups: {
      facts: async () => ({ version: 2, controllers: ['cpu', 'memory', 'pids'], mayLowerOomScore: true }),
      ensure: async () => undefined,
      remove: async () => undefined,
      usage: async () => undefined,
      children: async () => [],
    },
    machine: async () => machineInfo(hostname, cpus, memoryBytes),
    usage: async () => ({
      timestampMs: clock.now(),
      cpuNanoSeconds: clock.now() * 1e5,
      memoryUsageBytes: memoryBytes / 8,
      memoryWorkingSetBytes: memoryBytes / 8,
      memoryAvailableBytes: (memoryBytes * 7) / 8,
      pids: 100,
      maxPids: 32768,
    }),
    filesystem: async () => ({
      capacityBytes: 100 * gibibyte,
      availableBytes: 90 * gibibyte,
      inodes: 6_000_000,
      inodesFree: 5_900_000,
    }),
    interfaces: async () => [{ name: 'eth0', internal: false, addresses: [address] }],
    defaultAddress: async () => address,
  };
}

async function bindInside(files: MemoryFiles, root: string, subPath: string): Promise<void> {
  const path = `${root}/${subPath}`;
  if (!(await files.stat(path))) await files.makeDirectory(path);
  const [realRoot, real] = await Promise.all([files.realPath(root), files.realPath(path)]);
  if (real !== realRoot && !real.startsWith(`${realRoot}/`)) {
    throw new StatusError('Forbidden', `subpath ${JSON.stringify(subPath)} not within volume path`);
  }
}

function machineInfo(hostname: string, cpus: number, memoryBytes: number): MachineInfo {
  return {
    machineId: hostname,
    systemUuid: hostname,
    bootId: hostname,
    hostname,
    kernelVersion: 'simulated',
    osImage: 'Kubephant simulated node',
    operatingSystem: 'linux',
    architecture: 'amd64',
    cpus,
    memoryBytes,
    swapBytes: 0,
  };
}
