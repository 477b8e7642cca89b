import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apply, dataDir, kubectl, kubephant, portOffset, tryKubectl } from './harness/cluster';
import { eventually } from './harness/eventually';
import { testNamespace } from './harness/namespace';

const namespace = testNamespace('faults');
const serviceWithinMs = 10_000;

const pidOf = async (name: string): Promise<number> =>
  (JSON.parse(await readFile(join(dataDir, 'run', `${name}.pid.json`), 'utf8')) as { pid: number }).pid;

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'steady', namespace },
  spec: {
    containers: [{ name: 'c', image: 'kubephant.local/busybox:1', command: ['sleep', '86400'] }],
    terminationGracePeriodSeconds: 1,
  },
};

const labels = { app: 'round' };
const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod.spec } },
});

/** Everything at once: the API answers, controllers make a pod, it is scheduled and runs. */
async function fullService(round: string): Promise<void> {
  await apply(deployment(round));
  await kubectl(`-n ${namespace} rollout status deployment/${round} --timeout=10s`);
}

describe('after kill -9', () => {
  beforeAll(async () => {
    await apply(pod);
    await kubectl(`-n ${namespace} wait pod/steady --for=condition=Ready --timeout=60s`);
  });

  const steady = async (): Promise<string> =>
    await kubectl(
      `-n ${namespace} get pod steady -o 'jsonpath={.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}'`,
    );

  it.each([
    'apiserver',
    'postgres',
    'controller-manager',
    'scheduler',
    'dns',
    'kubelet-node-1',
    'kube-proxy-node-1',
    'containerd-node-1',
    'supervisor',
    'guardian',
  ])('of %s there is full service within ten seconds, and no container was restarted', async (name) => {
    const before = await steady();
    const acknowledged = `before-${name}`;
    await kubectl(`-n ${namespace} create configmap ${acknowledged}`);
    const pid = await pidOf(name);
    process.kill(pid, 'SIGKILL');
    const killedMs = Date.now();
    await eventually(() => fullService(`after-${name}`), serviceWithinMs);
    await eventually(async () => expect(await pidOf(name)).not.toBe(pid), serviceWithinMs);
    process.stdout.write(
      `      ${name}: full service ${((Date.now() - killedMs) / 1000).toFixed(1)} s after kill -9\n`,
    );
    expect(await kubectl(`-n ${namespace} get configmap ${acknowledged} -o name`)).toBe(`configmap/${acknowledged}\n`);
    expect(await steady()).toBe(before);
    await kubectl(`-n ${namespace} delete deployment after-${name}`);
  });

  it('up again changes nothing', async () => {
    const before = [await steady(), await pidOf('apiserver'), await pidOf('kubelet-node-1')];
    expect((await kubephant('up', `--port-offset=${portOffset}`)).code).toBe(0);
    expect([await steady(), await pidOf('apiserver'), await pidOf('kubelet-node-1')]).toEqual(before);
  });
});

describe('a hostile client', () => {
  const port = 6443 + portOffset;
  const open: { destroy(): unknown }[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });

  const stillServes = async (): Promise<void> => {
    expect((await tryKubectl('get --raw /readyz', { timeoutMs: 10_000 })).stdout).toBe('ok');
  };

  it('that talks garbage on the TLS port disturbs nobody', async () => {
    for (let i = 0; i < 50; i++) {
      const socket = connectTcp(port, '127.0.0.1', () => socket.write(Buffer.alloc(512, i)));
      socket.on('error', () => undefined);
      open.push(socket);
    }
    await stillServes();
  });

  it('that opens connections and says nothing disturbs nobody', async () => {
    for (let i = 0; i < 200; i++) {
      const socket = connectTcp(port, '127.0.0.1');
      socket.on('error', () => undefined);
      open.push(socket);
    }
    await stillServes();
  });

  it('that asks for much and never reads disturbs nobody', async () => {
    const token = (await readFile(join(dataDir, 'pki', 'tokens.csv'), 'utf8')).split(',')[0] ?? '';
    for (let i = 0; i < 20; i++) {
      const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        for (let j = 0; j < 50; j++)
          socket.write(`GET /api/v1/configmaps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      });
      socket.pause();
      socket.on('error', () => undefined);
      open.push(socket);
    }
    await stillServes();
  });
});
