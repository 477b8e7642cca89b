import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CgroupUsage, DeviceCounters, InterfaceCounters, TrafficCounters } from '@kubephant/node';
import { errorCode } from './errors';

/** One control group, in every hierarchy that has it. */
export interface MeasuredGroup {
  readonly unified: boolean;
  readonly groups: readonly { readonly controllers: readonly string[]; readonly directory: string }[];
  readonly proc: string;
}

/** `name value` or `name=value`, by line or blank: the form of every `*.stat` file. */
type Stat = ReadonlyMap<string, number>;

/** A process or group may vanish while it is looked at: its files then cannot be found, or be read no more. */
async function text(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (err) {
    if (['ENOENT', 'ENODEV', 'ESRCH', 'EINVAL', 'EOPNOTSUPP'].includes(errorCode(err))) return undefined;
    throw err;
  }
}

const parse = (lines: string): Stat =>
  new Map([...lines.matchAll(/^(\S+) (\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)]));

export async function readUsage({ unified, groups, proc }: MeasuredGroup): Promise<CgroupUsage | undefined> {
  const of = (controller: string): string | undefined =>
    groups.find(({ controllers }) => controllers.includes(controller))?.directory;
  const read = async (controller: string, file: string): Promise<string | undefined> => {
    const directory = of(controller);
    return directory === undefined ? undefined : await text(join(directory, file));
  };
  const processes = (await Promise.all(groups.map(({ directory }) => text(join(directory, 'cgroup.procs'))))).filter(
    (found) => found !== undefined,
  );
  if (processes.length === 0) return undefined;
  const pid = processes.map((found) => /^\d+/.exec(found)?.[0]).find(Boolean);
  const [cpu, memory, io, network] = await Promise.all([
    read('cpu', 'cpu.stat').then((found) => found && cpuOf(parse(found), unified)),
    unified ? memoryV2(read) : read('memory', 'memory.stat').then((found) => found && memoryV1(parse(found))),
    unified ? read('io', 'io.stat').then((found) => found && devicesV2(found)) : devicesV1(read),
    pid === undefined ? undefined : text(join(proc, pid, 'net/dev')),
  ]);
  return {
    ...(cpu && { cpu }),
    ...(memory && { memory }),
    ...(io && { io: await named(io) }),
    ...(network && { network: interfacesOf(network) }),
  };
}

type Read = (controller: string, file: string) => Promise<string | undefined>;

function cpuOf(stat: Stat, unified: boolean): NonNullable<CgroupUsage['cpu']> {
  const throttled = unified ? (stat.get('throttled_usec') ?? 0) * 1000 : (stat.get('throttled_time') ?? 0);
  return {
    periods: stat.get('nr_periods') ?? 0,
    throttledPeriods: stat.get('nr_throttled') ?? 0,
    throttledNanoSeconds: throttled,
  };
}

function memoryV1(stat: Stat): NonNullable<CgroupUsage['memory']> {
  const total = (name: string): number => stat.get(`total_${name}`) ?? 0;
  return { cacheBytes: total('cache'), rssBytes: total('rss'), swapBytes: total('swap') };
}

async function memoryV2(read: Read): Promise<CgroupUsage['memory']> {
  const [found, swap = '0'] = await Promise.all([read('memory', 'memory.stat'), read('memory', 'memory.swap.current')]);
  if (found === undefined) return undefined;
  const stat = parse(found);
  return { cacheBytes: stat.get('file') ?? 0, rssBytes: stat.get('anon') ?? 0, swapBytes: Number(swap) };
}

/** `8:0 rbytes=1 wbytes=2 rios=3 wios=4 …` */
function devicesV2(lines: string): DeviceCounters[] {
  return [...lines.matchAll(/^(\d+:\d+) (.*)$/gm)].map(([, device = '', rest = '']) => {
    const stat = parse(rest.replaceAll(' ', '\n').replaceAll('=', ' '));
    const count = (name: string): number => stat.get(name) ?? 0;
    return {
      device,
      readBytes: count('rbytes'),
      writtenBytes: count('wbytes'),
      reads: count('rios'),
      writes: count('wios'),
    };
  });
}

/** `8:0 Read 1`, `8:0 Write 2`, …, in one file for bytes and one for operations. */
async function devicesV1(read: Read): Promise<DeviceCounters[] | undefined> {
  const [bytes, operations] = await Promise.all(
    ['blkio.throttle.io_service_bytes_recursive', 'blkio.throttle.io_serviced_recursive'].map((file) =>
      read('blkio', file),
    ),
  );
  if (bytes === undefined || operations === undefined) return undefined;
  const count = (lines: string, device: string, what: string): number =>
    Number(new RegExp(`^${device} ${what} (\\d+)$`, 'm').exec(lines)?.[1] ?? 0);
  const devices = new Set([...bytes.matchAll(/^(\d+:\d+) /gm)].map(([, device = '']) => device));
  return [...devices].map((device) => ({
    device,
    readBytes: count(bytes, device, 'Read'),
    writtenBytes: count(bytes, device, 'Write'),
    reads: count(operations, device, 'Read'),
    writes: count(operations, device, 'Write'),
  }));
}

async function named(devices: readonly DeviceCounters[]): Promise<DeviceCounters[]> {
  return await Promise.all(devices.map(async (one) => ({ ...one, device: await deviceName(one.device) })));
}

async function deviceName(numbers: string): Promise<string> {
  try {
    return `/dev/${basename(await readlink(`/sys/dev/block/${numbers}`))}`;
  } catch {
    // A device may be gone, or /sys not be there; the counters are worth having all the same.
    return numbers;
  }
}

/** `eth0: ` and sixteen figures, eight each way, below two lines of titles. */
function interfacesOf(table: string): InterfaceCounters[] {
  return [...table.matchAll(/^ *([^\s:|]+): *((?:\d+ +){15}\d+)$/gm)]
    .map(([, name = '', figures = '']) => {
      const all = figures.trim().split(/\s+/).map(Number);
      return { name, received: traffic(all), transmitted: traffic(all.slice(8)) };
    })
    .filter(({ name }) => name !== 'lo');
}

function traffic([bytes = 0, packets = 0, errors = 0, dropped = 0]: readonly number[]): TrafficCounters {
  return { bytes, packets, errors, dropped };
}
