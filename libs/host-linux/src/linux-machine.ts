import * as fs from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as os from 'node:os';
import { goArchitecture, type FilesystemInfo, type Host, type MachineInfo, type NodeUsage } from '@kubephant/node';
import { mapped } from './errors';

type MachineFacts = Pick<Host, 'machine' | 'usage' | 'filesystem' | 'interfaces' | 'defaultAddress'>;

/** What /proc, /sys and the resolver of routes say of this machine. `now` stamps measurements. */
export function linuxMachine(now: () => number): MachineFacts {
  return {
    machine,
    usage: () => nodeUsage(now()),
    filesystem: (path) => mapped(filesystem(path)),
    interfaces: async () =>
      Object.entries(os.networkInterfaces()).map(([name, addresses = []]) => ({
        name,
        internal: addresses.every(({ internal }) => internal),
        addresses: addresses.map(({ address }) => address),
      })),
    defaultAddress,
  };
}

async function text(path: string): Promise<string> {
  try {
    return (await fs.readFile(path, 'utf8')).trim();
  } catch {
    // Containers and odd kernels lack some of these files; an empty fact is what upstream reports then.
    return '';
  }
}

async function machine(): Promise<MachineInfo> {
  const memory = await meminfo();
  const release = await text('/etc/os-release');
  return {
    machineId: (await text('/etc/machine-id')) || (await text('/var/lib/dbus/machine-id')),
    systemUuid: await text('/sys/class/dmi/id/product_uuid'),
    bootId: await text('/proc/sys/kernel/random/boot_id'),
    hostname: os.hostname(),
    kernelVersion: os.release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release)?.[1] ?? 'Linux',
    operatingSystem: 'linux',
    architecture: goArchitecture(os.arch()),
    cpus: os.availableParallelism(),
    memoryBytes: memory.get('MemTotal') ?? os.totalmem(),
    swapBytes: memory.get('SwapTotal') ?? 0,
  };
}

async function meminfo(): Promise<ReadonlyMap<string, number>> {
  const lines = (await text('/proc/meminfo')).split('\n');
  return new Map(
    lines.map((line) => {
      const [, name = '', kibibytes = '0'] = /^(\w+):\s+(\d+)/.exec(line) ?? [];
      return [name, Number(kibibytes) * 1024];
    }),
  );
}

const nanosecondsPerTick = 1e7;

async function nodeUsage(timestampMs: number): Promise<NodeUsage> {
  const memory = await meminfo();
  const total = memory.get('MemTotal') ?? 0;
  const available = memory.get('MemAvailable') ?? 0;
  const [, pids = '0'] = / \d+\/(\d+) /.exec(await text('/proc/loadavg')) ?? [];
  return {
    timestampMs,
    cpuNanoSeconds: busyTicks(await text('/proc/stat')) * nanosecondsPerTick,
    memoryUsageBytes: total - (memory.get('MemFree') ?? 0),
    memoryWorkingSetBytes: total - available,
    memoryAvailableBytes: available,
    pids: Number(pids),
    maxPids: Number((await text('/proc/sys/kernel/pid_max')) || '32768'),
  };
}

/** The first line counts ticks: user, nice, system, idle, iowait, irq, softirq, …; the two waits are not work. */
function busyTicks(stat: string): number {
  const ticks = (stat.split('\n')[0] ?? '').split(/\s+/).slice(1, 8).map(Number);
  return ticks.reduce((sum, count, i) => (i === 3 || i === 4 ? sum : sum + count), 0);
}

async function filesystem(path: string): Promise<FilesystemInfo> {
  const { bsize, blocks, bavail, files, ffree } = await fs.statfs(path);
  return { capacityBytes: bsize * blocks, availableBytes: bsize * bavail, inodes: files, inodesFree: ffree };
}

/** Connecting a datagram socket sends nothing, but makes the kernel choose the source address. */
async function defaultAddress(): Promise<string | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.connect(53, '192.0.2.1');
    await once(socket, 'connect');
    return socket.address().address;
  } catch {
    // No route to the world: the first address that is not loopback is the best guess.
    const all = Object.values(os.networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  } finally {
    socket.close();
  }
}
