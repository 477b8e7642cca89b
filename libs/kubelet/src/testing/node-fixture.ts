import { newGroup, newMetrics, silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { pods } from '@kubephant/client';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import {
  newSimulatedHost,
  newSimulatedRuntime,
  type HostProber,
  type SimulatedHost,
  type SimulatedRuntime,
} from '@kubephant/node';
import type { Pod, PodSpec } from '@kubephant/schema';
import type { KubeletConfig } from '../config/kubelet-config';
import { newKubelet, type Kubelet } from '../kubelet';

/** A kubelet on a simulated node against a cluster in memory, with time in the test's hands. */
export interface NodeFixture {
  readonly cluster: FakeCluster;
  readonly clock: FakeClock;
  readonly host: SimulatedHost;
  readonly simulated: SimulatedRuntime;
  kubelet: Kubelet;
  addPod(name: string, spec: Partial<PodSpec>, metadata?: Partial<Pod['metadata']>): Pod;
  pod(name: string): Pod;
  /** Moves time on in small steps until the condition holds; fails after two minutes of it. */
  until(what: string, condition: () => boolean, stepMs?: number): Promise<void>;
  /** Reasons and messages of the events about an object. */
  events(name: string): string[];
  stop(): Promise<void>;
  /** Ends the kubelet and starts another one on the same node. */
  restart(): Promise<void>;
}

const config: KubeletConfig = {
  nodeName: 'node-1',
  nodeIPs: ['192.0.2.10'],
  rootDirectory: '/var/lib/kubelet',
  podLogsDirectory: '/var/log/pods',
  clusterDns: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  maxPods: 110,
  port: 10250,
  registerNode: true,
  nodeLabels: {},
  registerWithTaints: [],
  cgroupRoot: '',
  resolvConf: '/etc/resolv.conf',
};

export async function openNode(
  options: { readonly prober?: HostProber; readonly config?: Partial<KubeletConfig> } = {},
): Promise<NodeFixture> {
  const clock = newFakeClock(Date.parse('2026-01-01T00:00:00Z'));
  const cluster = newFakeCluster(clock);
  const host = newSimulatedHost(
    { hostname: 'node-1', address: '192.0.2.10', ...(options.prober && { prober: options.prober }) },
    clock,
  );
  const simulated = newSimulatedRuntime({ clock, files: host.files }, { podCidr: '10.244.1.0/24' });
  const boot = async (): Promise<{ kubelet: Kubelet; stop: () => Promise<void> }> => {
    const deps = { ...simulated, client: cluster.client, host, clock, log: silent, metrics: newMetrics() };
    const kubelet = await newKubelet(deps, { ...config, ...options.config });
    const group = newGroup();
    group.go('kubelet', (signal) => kubelet.run(signal));
    return {
      kubelet,
      stop: async () => {
        group.stop();
        await group.wait();
      },
    };
  };
  let running = await boot();
  const pod = (name: string): Pod => {
    const found = cluster.get(pods, { namespace: 'default', name });
    if (!found) throw new Error(`no pod ${name}`);
    return found;
  };
  const fixture: NodeFixture = {
    cluster,
    clock,
    host,
    simulated,
    kubelet: running.kubelet,
    pod,
    addPod: (name, spec, metadata = {}) => cluster.seed(pods, newPod(name, spec, metadata)),
    async until(what, condition, stepMs = 500) {
      for (let waitedMs = 0; !condition(); waitedMs += stepMs) {
        if (waitedMs > 120_000) throw new Error(`not within two minutes: ${what}`);
        await clock.advance(stepMs);
      }
    },
    events: (name) =>
      cluster
        .objects({ group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true })
        .map((event) => event as unknown as { reason: string; message: string; involvedObject: { name: string } })
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ reason, message }) => `${reason}: ${message}`),
    stop: () => running.stop(),
    async restart() {
      await running.stop();
      running = await boot();
      fixture.kubelet = running.kubelet;
    },
  };
  return fixture;
}

function newPod(name: string, spec: Partial<PodSpec>, metadata: Partial<Pod['metadata']>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-of-${name}`, resourceVersion: '', generation: 1, ...metadata },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'busybox' }], ...spec },
    status: { phase: 'Pending' },
  };
}
