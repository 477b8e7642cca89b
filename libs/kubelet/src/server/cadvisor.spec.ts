import { cadvisorMetrics, type Measured } from './cadvisor';

const base = { container: '', id: '/kubepods/podu1', image: '', name: '', namespace: 'default', pod: 'web' };
const cpu = { timestampMs: 5000, usageCoreNanoSeconds: 2e9 };
const memory = { timestampMs: 5000, workingSetBytes: 1, usageBytes: 2, rssBytes: 3, pageFaults: 0, majorPageFaults: 0 };

const container: Measured = {
  labels: { ...base, container: 'main', id: '/kubepods/podu1/c1', image: 'busybox', name: 'c1' },
  stats: { cpu, memory },
  cgroup: {
    cpu: { periods: 10, throttledPeriods: 4, throttledNanoSeconds: 5e8 },
    memory: { cacheBytes: 7, rssBytes: 8, swapBytes: 9 },
    io: [{ device: '/dev/vda', readBytes: 1, writtenBytes: 2, reads: 3, writes: 4 }],
  },
};
const counters = { bytes: 100, packets: 5, errors: 0, dropped: 1 };
const pod: Measured = {
  labels: base,
  stats: { cpu },
  cgroup: { network: [{ name: 'eth0', received: counters, transmitted: { ...counters, bytes: 200 } }] },
};
const fromCriAlone: Measured = {
  labels: { ...base, pod: 'simulated' },
  stats: {
    network: { timestampMs: 1, interfaces: [{ name: 'eth0', rxBytes: 1, rxErrors: 0, txBytes: 2, txErrors: 0 }] },
  },
  cgroup: undefined,
};

describe("cAdvisor's page", () => {
  const lines = cadvisorMetrics([container, pod, fromCriAlone], 9000)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const main = 'container="main",id="/kubepods/podu1/c1",image="busybox",name="c1",namespace="default",pod="web"';
  const whole = 'container="",id="/kubepods/podu1",image="",name="",namespace="default",pod="web"';
  const simulated = whole.replace('"web"', '"simulated"');

  it('has what the runtime and the control groups measured, under its names and labels', () => {
    expect(lines).toEqual([
      `container_cpu_usage_seconds_total{${main}} 2 5000`,
      `container_cpu_usage_seconds_total{${whole}} 2 5000`,
      `container_cpu_cfs_periods_total{${main}} 10 5000`,
      `container_cpu_cfs_throttled_periods_total{${main}} 4 5000`,
      `container_cpu_cfs_throttled_seconds_total{${main}} 0.5 5000`,
      `container_memory_usage_bytes{${main}} 2 5000`,
      `container_memory_working_set_bytes{${main}} 1 5000`,
      `container_memory_rss{${main}} 8 5000`,
      `container_memory_cache{${main}} 7 5000`,
      `container_memory_swap{${main}} 9 5000`,
      `container_fs_reads_total{${main},device="/dev/vda"} 3 5000`,
      `container_fs_reads_bytes_total{${main},device="/dev/vda"} 1 5000`,
      `container_fs_writes_total{${main},device="/dev/vda"} 4 5000`,
      `container_fs_writes_bytes_total{${main},device="/dev/vda"} 2 5000`,
      `container_network_receive_bytes_total{${whole},interface="eth0"} 100 5000`,
      `container_network_receive_bytes_total{${simulated},interface="eth0"} 1 9000`,
      `container_network_receive_packets_total{${whole},interface="eth0"} 5 5000`,
      `container_network_receive_errors_total{${whole},interface="eth0"} 0 5000`,
      `container_network_receive_errors_total{${simulated},interface="eth0"} 0 9000`,
      `container_network_receive_packets_dropped_total{${whole},interface="eth0"} 1 5000`,
      `container_network_transmit_bytes_total{${whole},interface="eth0"} 200 5000`,
      `container_network_transmit_bytes_total{${simulated},interface="eth0"} 2 9000`,
      `container_network_transmit_packets_total{${whole},interface="eth0"} 5 5000`,
      `container_network_transmit_errors_total{${whole},interface="eth0"} 0 5000`,
      `container_network_transmit_errors_total{${simulated},interface="eth0"} 0 9000`,
      `container_network_transmit_packets_dropped_total{${whole},interface="eth0"} 1 5000`,
    ]);
  });
});
