import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { linuxCgroups } from './linux-cgroups';

const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       9       9    9    9    0     0          0         0        9       9    9    9    0     0       0          0
  eth0:   34092     496    1    2    0     0          0         0    22656     308    3    4    0     0       0          0
`;
const network = [
  {
    name: 'eth0',
    received: { bytes: 34092, packets: 496, errors: 1, dropped: 2 },
    transmitted: { bytes: 22656, packets: 308, errors: 3, dropped: 4 },
  },
];
const cpu = { periods: 10, throttledPeriods: 4, throttledNanoSeconds: 5_000_000 };
const memory = { cacheBytes: 1000, rssBytes: 2000, swapBytes: 30 };
const io = [{ device: '4095:77', readBytes: 1, writtenBytes: 2, reads: 3, writes: 4 }];

describe('what a control group has used', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cgroup-usage-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const lay = async (files: Readonly<Record<string, string>>): Promise<ReturnType<typeof linuxCgroups>> => {
    for (const [path, content] of Object.entries({ 'proc/42/net/dev': netDev, ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return linuxCgroups(join(root, 'cgroup'), join(root, 'proc'));
  };

  it('is read from the one hierarchy of version 2', async () => {
    const groups = await lay({
      'cgroup/cgroup.controllers': 'cpu io memory\n',
      'cgroup/pod/a/cgroup.procs': '42\n43\n',
      'cgroup/pod/a/cpu.stat': 'usage_usec 99\nnr_periods 10\nnr_throttled 4\nthrottled_usec 5000\n',
      'cgroup/pod/a/memory.stat': 'anon 2000\nfile 1000\n',
      'cgroup/pod/a/memory.swap.current': '30\n',
      'cgroup/pod/a/io.stat': '4095:77 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n',
    });
    expect(await groups.usage('/pod/a')).toEqual({ cpu, memory, io, network });
  });

  it('is gathered from the hierarchies of version 1', async () => {
    const groups = await lay({
      'cgroup/cpu,cpuacct/pod/a/cgroup.procs': '42\n',
      'cgroup/cpu,cpuacct/pod/a/cpu.stat': 'nr_periods 10\nnr_throttled 4\nthrottled_time 5000000\n',
      'cgroup/memory/pod/a/memory.stat': 'cache 1\nrss 1\ntotal_cache 1000\ntotal_rss 2000\ntotal_swap 30\n',
      'cgroup/blkio/pod/a/blkio.throttle.io_service_bytes_recursive':
        '4095:77 Read 1\n4095:77 Write 2\n4095:77 Total 3\nTotal 3\n',
      'cgroup/blkio/pod/a/blkio.throttle.io_serviced_recursive': '4095:77 Read 3\n4095:77 Write 4\nTotal 7\n',
    });
    expect(await groups.usage('/pod/a')).toEqual({ cpu, memory, io, network });
  });

  it('has only the parts that are measured, and no network without a process', async () => {
    const groups = await lay({
      'cgroup/cgroup.controllers': 'memory\n',
      'cgroup/pod/a/cgroup.procs': '',
      'cgroup/pod/a/memory.stat': 'anon 2000\nfile 1000\n',
    });
    expect(await groups.usage('/pod/a')).toEqual({ memory: { ...memory, swapBytes: 0 } });
  });

  it('is undefined for a group that is not there', async () => {
    const groups = await lay({ 'cgroup/cgroup.controllers': 'memory\n' });
    expect(await groups.usage('/pod/b')).toBeUndefined();
  });
});
