import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newGroup, newMetrics, silent, systemClock } from '@kubephant/base';
import { configMaps, pods } from '@kubephant/client';
import { newFakeCluster, type FakeCluster } from '@kubephant/client/testing';
import { newStreamDialer } from '@kubephant/cri-containerd';
import { startOwnContainerd, type OwnContainerd } from '@kubephant/cri-containerd/testing';
import { newLinuxHost } from '@kubephant/host-linux';
import { newKubelet, type KubeletConfig } from '@kubephant/kubelet';
import type { ContainerStatus, Pod, PodSpec } from '@kubephant/schema';

jest.setTimeout(90_000);

/** A kubelet on this machine, with a containerd of its own and a cluster in memory. */
describe('kubelet with containerd', () => {
  const { signal } = new AbortController();
  let containerd: OwnContainerd;
  let cluster: FakeCluster;
  let config: KubeletConfig;
  let kubelet: { stop(): Promise<void> };

  const boot = async (): Promise<void> => {
    const host = newLinuxHost({ pid: process.pid, now: () => Date.now() });
    const deps = { ...containerd.cri, dialStream: newStreamDialer(), client: cluster.client, host };
    const running = await newKubelet({ ...deps, clock: systemClock, log: silent, metrics: newMetrics() }, config);
    const group = newGroup();
    group.go('kubelet', (inner) => running.run(inner));
    kubelet = {
      async stop() {
        group.stop();
        await group.wait();
      },
    };
  };

  beforeAll(async () => {
    containerd = await startOwnContainerd();
    cluster = newFakeCluster();
    config = {
      nodeName: 'node-1',
      nodeIPs: ['192.0.2.10'],
      rootDirectory: join(containerd.dir, 'kubelet'),
      podLogsDirectory: join(containerd.dir, 'pod-logs'),
      clusterDns: ['10.96.0.10'],
      clusterDomain: 'cluster.local',
      maxPods: 110,
      port: 10250,
      registerNode: true,
      nodeLabels: {},
      registerWithTaints: [],
      cgroupRoot: `/kubephant-test-${process.pid}`,
      resolvConf: '/etc/resolv.conf',
    };
    await boot();
  });
  afterAll(async () => {
    await kubelet.stop();
    await containerd.stop();
    await newLinuxHost({ pid: process.pid, now: () => Date.now() }).cgroups.remove(config.cgroupRoot);
  });

  const addPod = (name: string, spec: Partial<PodSpec>): Pod =>
    cluster.seed(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', uid: `00000000-0000-0000-0000-${name.padStart(12, '0')}`, generation: 1 },
      spec: { nodeName: 'node-1', containers: [], terminationGracePeriodSeconds: 1, ...spec },
      status: { phase: 'Pending' },
    });
  const pod = (name: string): Pod | undefined => cluster.get(pods, { namespace: 'default', name });
  const main = (name: string): ContainerStatus | undefined => pod(name)?.status?.containerStatuses?.[0];
  const eventually = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (await condition()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(
      `not within 30 s: ${what}; pods: ${JSON.stringify(cluster.objects(pods).map(({ status }) => status))}`,
    );
  };
  const phaseIs = (name: string, phase: string): Promise<void> =>
    eventually(`${name} is ${phase}`, () => pod(name)?.status?.phase === phase);
  const remove = (name: string): Promise<void> =>
    cluster.client.resource(pods).delete({ namespace: 'default', name }, signal);
  const logOf = (name: string): Promise<string> =>
    readFile(
      join(config.podLogsDirectory, `default_${name}_${pod(name)?.metadata.uid ?? ''}`, 'main', '0.log'),
      'utf8',
    );

  it('gives a container its volumes, environment, names and limits', async () => {
    cluster.seed(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'settings' },
      data: { color: 'blue' },
    });
    const script = [
      'cat /config/color; echo',
      'cat /one-key; echo',
      'echo $POD_IP',
      'hostname',
      'grep -c "^$POD_IP" /etc/hosts',
      'grep nameserver /etc/resolv.conf',
      'echo written > /scratch/x && cat /scratch/x',
      'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null',
      'id -u',
      'echo -n goodbye > /dev/termination-log',
    ].join('; ');
    addPod('full', {
      restartPolicy: 'Never',
      securityContext: { runAsUser: 1000, fsGroup: 2000 },
      containers: [
        {
          name: 'main',
          image: containerd.image,
          command: ['sh', '-c', script],
          env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          resources: { limits: { memory: '64Mi' } },
          volumeMounts: [
            { name: 'config', mountPath: '/config' },
            { name: 'config', mountPath: '/one-key', subPath: 'color' },
            { name: 'scratch', mountPath: '/scratch' },
            { name: 'memory', mountPath: '/memory' },
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: 'settings' } },
        { name: 'scratch', emptyDir: {} },
        { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      ],
    });
    await phaseIs('full', 'Succeeded');
    const { podIP = '', containerStatuses = [] } = pod('full')?.status ?? {};
    const lines = (await logOf('full'))
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+ \S+ /, ''));
    expect(lines).toEqual(['blue', 'blue', podIP, 'full', '1', 'nameserver 10.96.0.10', 'written', '67108864', '1000']);
    expect(containerStatuses[0]?.state?.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
      message: 'goodbye',
    });
    await remove('full');
    await eventually('gone', () => pod('full') === undefined);
  });

  it('starts again what is killed, also after a restart of its own that disturbs nothing', async () => {
    addPod('server', { containers: [{ name: 'main', image: containerd.image, command: ['sleep', '3600'] }] });
    await phaseIs('server', 'Running');
    const before = main('server');
    await kubelet.stop();
    await boot();
    const list = await containerd.cri.runtime.listContainers({ state: 'RUNNING' }, signal);
    expect(list.map(({ id }) => `containerd://${id}`)).toEqual([before?.containerID]);
    await containerd.cri.runtime.stopContainer(list[0]?.id ?? '', 0, signal);
    await eventually('restarted', () => main('server')?.restartCount === 1 && main('server')?.ready === true);
    expect(main('server')?.lastState?.terminated?.exitCode).toBe(137);
    await remove('server');
    await eventually('gone', () => pod('server') === undefined);
  });

  it('restarts a container whose probe fails, and leaves nothing behind in the end', async () => {
    const probe = { exec: { command: ['test', '-e', '/tmp/well'] }, periodSeconds: 1, failureThreshold: 1 };
    const command = ['sh', '-c', 'touch /tmp/well; sleep 3; rm /tmp/well; sleep 3600'];
    addPod('sick', {
      containers: [{ name: 'main', image: containerd.image, command, readinessProbe: probe, livenessProbe: probe }],
    });
    await eventually('ready', () => main('sick')?.ready === true);
    await eventually('restarted', () => (main('sick')?.restartCount ?? 0) >= 1);
    await remove('sick');
    await eventually('gone', () => pod('sick') === undefined);
    await eventually(
      'no containers',
      async () => (await containerd.cri.runtime.listPodSandboxes({}, signal)).length === 0,
    );
    await eventually('no logs', async () => (await readdir(config.podLogsDirectory)).length === 0);
    expect(await readdir(join(config.rootDirectory, 'pods'))).toEqual([]);
    const mounts = await readFile('/proc/self/mounts', 'utf8');
    expect(mounts.includes(config.rootDirectory)).toBe(false);
    const cgroup = ['memory', '.']
      .map((name) => join('/sys/fs/cgroup', name, config.cgroupRoot, 'kubepods/besteffort'))
      .find(existsSync);
    const left =
      cgroup === undefined ? [] : (await readdir(cgroup, { withFileTypes: true })).filter((one) => one.isDirectory());
    expect(left).toEqual([]);
  });
});
