import type { ContainerConfig, PodSandboxConfig } from '../config';
import type { ImageService } from '../image';
import type { ContainerStatus, RuntimeService, StreamDialer, StreamSocket } from '../runtime';

/** A runtime to be examined, and what the examiner needs beside it. */
export interface RuntimeUnderTest {
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly dialStream: StreamDialer;
  /** An image the runtime has, with a shell. */
  readonly image: string;
  /** An absolute directory of the host for logs. */
  readonly logRoot: string;
  readLog(path: string): Promise<string>;
  close(): Promise<void>;
}

/** Below it are the control groups of the suite's pods: whoever runs it on real containers removes it. */
export const suiteCgroup = `kubephant-suite-${process.pid}`;

let pods = 0;

/** A sandbox configuration as a kubelet makes it, unique in each call. */
export function aSandbox(logRoot: string): PodSandboxConfig {
  const name = `pod-${++pods}`;
  const uid = `00000000-0000-0000-0000-${String(pods).padStart(12, '0')}`;
  return {
    metadata: { name, namespace: 'default', uid, attempt: 0 },
    hostname: name,
    logDirectory: `${logRoot}/default_${name}_${uid}`,
    dnsConfig: { servers: ['192.0.2.53'], searches: ['default.svc.cluster.local'], options: ['ndots:5'] },
    labels: { 'io.kubernetes.pod.name': name, 'io.kubernetes.pod.uid': uid },
    annotations: { note: 'kept' },
    linux: {
      cgroupParent: `/${suiteCgroup}/pod${uid}`,
      securityContext: { namespaceOptions: { network: 'POD', pid: 'CONTAINER', ipc: 'POD' } },
    },
  };
}

export function aContainer(image: string, script: string): ContainerConfig {
  return {
    metadata: { name: 'main', attempt: 0 },
    image: { image },
    command: ['sh', '-c', script],
    envs: [{ key: 'GREETING', value: 'hello there' }],
    mounts: [],
    labels: { 'io.kubernetes.container.name': 'main' },
    annotations: { 'io.kubernetes.container.restartCount': '0' },
    logPath: 'main/0.log',
    linux: { securityContext: { namespaceOptions: { network: 'POD', pid: 'CONTAINER', ipc: 'POD' } } },
  };
}

const server = 'sleep 3600';

/** What a kubelet relies on from any runtime. */
export function runtimeSuite(open: () => Promise<RuntimeUnderTest>): void {
  const { signal } = new AbortController();
  let under: RuntimeUnderTest;
  let sandbox: PodSandboxConfig;
  let sandboxId: string;

  beforeAll(async () => {
    under = await open();
  }, 60_000);
  afterAll(async () => {
    await under.close();
  }, 60_000);
  beforeEach(async () => {
    sandbox = aSandbox(under.logRoot);
    sandboxId = await under.runtime.runPodSandbox(sandbox, '', signal);
  });
  afterEach(async () => {
    await under.runtime.stopPodSandbox(sandboxId, signal);
    await under.runtime.removePodSandbox(sandboxId, signal);
  });

  const create = (script: string, change: Partial<ContainerConfig> = {}): Promise<string> =>
    under.runtime.createContainer(sandboxId, { ...aContainer(under.image, script), ...change }, sandbox, signal);
  const start = async (script: string): Promise<string> => {
    const id = await create(script);
    await under.runtime.startContainer(id, signal);
    return id;
  };
  const exited = (id: string): Promise<ContainerStatus> =>
    eventually(async () => {
      const status = await under.runtime.containerStatus(id, signal);
      return status.state === 'EXITED' ? status : undefined;
    });

  it('says its name and that it is ready', async () => {
    expect((await under.runtime.version(signal)).runtimeName).not.toBe('');
    const conditions = await under.runtime.status(signal);
    expect(conditions.map(({ type, status }) => [type, status])).toEqual(
      expect.arrayContaining([
        ['RuntimeReady', true],
        ['NetworkReady', true],
      ]),
    );
  });

  it('gives a sandbox an address and remembers what it was made of', async () => {
    const status = await under.runtime.podSandboxStatus(sandboxId, signal);
    expect(status).toMatchObject({
      id: sandboxId,
      metadata: sandbox.metadata,
      state: 'READY',
      labels: sandbox.labels,
      annotations: sandbox.annotations,
    });
    expect(status.ips[0]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(Math.abs(status.createdAtMs - Date.now())).toBeLessThan(3_600_000);
    const listed = await under.runtime.listPodSandboxes({ labels: sandbox.labels }, signal);
    expect(listed.map(({ id, state }) => ({ id, state }))).toEqual([{ id: sandboxId, state: 'READY' }]);
  });

  it('takes a container from created to running to exited', async () => {
    const id = await create(server);
    expect((await under.runtime.containerStatus(id, signal)).state).toBe('CREATED');
    await under.runtime.startContainer(id, signal);
    const running = await under.runtime.containerStatus(id, signal);
    expect(running).toMatchObject({ state: 'RUNNING', sandboxId, finishedAtMs: 0, exitCode: 0 });
    expect(running.startedAtMs).toBeGreaterThanOrEqual(running.createdAtMs);
    await under.runtime.stopContainer(id, 1, signal);
    const status = await under.runtime.containerStatus(id, signal);
    expect(status).toMatchObject({ state: 'EXITED', reason: 'Error' });
    expect([137, 143]).toContain(status.exitCode);
    expect(status.finishedAtMs).toBeGreaterThanOrEqual(status.startedAtMs);
    await under.runtime.removeContainer(id, signal);
    await expect(under.runtime.containerStatus(id, signal)).rejects.toMatchObject({ reason: 'NotFound' });
  });

  it.each([
    ['exit 0', 0, 'Completed'],
    ['exit 3', 3, 'Error'],
  ])('reports how `%s` ended', async (script, exitCode, reason) => {
    expect(await exited(await start(script))).toMatchObject({
      exitCode,
      reason,
      metadata: { name: 'main', attempt: 0 },
    });
  });

  it('writes what a container prints to its log in the CRI format', async () => {
    const status = await exited(await start('echo "$GREETING"; echo two'));
    expect(status.logPath).toBe(`${sandbox.logDirectory}/main/0.log`);
    const lines = (await under.readLog(status.logPath)).trim().split('\n');
    expect(lines.map((line) => line.replace(/^\S+/, 'TIME'))).toEqual([
      'TIME stdout F hello there',
      'TIME stdout F two',
    ]);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) /);
  });

  it('lists containers by sandbox, label and state', async () => {
    const id = await start(server);
    const list = async (filter: Parameters<RuntimeService['listContainers']>[0]): Promise<string[]> =>
      (await under.runtime.listContainers(filter, signal)).map((container) => container.id);
    expect(await list({ sandboxId })).toEqual([id]);
    expect(await list({ sandboxId, state: 'RUNNING' })).toEqual([id]);
    expect(await list({ sandboxId, state: 'EXITED' })).toEqual([]);
    expect(await list({ sandboxId, labels: { 'io.kubernetes.container.name': 'main' } })).toEqual([id]);
    expect(await list({ sandboxId, labels: { 'io.kubernetes.container.name': 'other' } })).toEqual([]);
  });

  it('runs a command in a container and says how it ended', async () => {
    const id = await start(server);
    const result = await under.runtime.execSync(id, ['sh', '-c', 'echo out; exit 4'], 5000, signal);
    expect({ ...result, stdout: result.stdout.toString() }).toMatchObject({ stdout: 'out\n', exitCode: 4 });
    await expect(under.runtime.execSync(id, ['no-such-command'], 5000, signal)).rejects.toThrow('no-such-command');
  });

  it('ends a command that takes too long', async () => {
    const id = await start(server);
    const slow = under.runtime.execSync(id, ['sleep', '30'], 1000, signal);
    await expect(slow).rejects.toMatchObject({ reason: 'Timeout' });
  });

  it('streams a command with its input and exit code', async () => {
    const id = await start(server);
    const streams = { tty: false, stdin: true, stdout: true, stderr: true };
    const url = await under.runtime.exec(id, ['sh'], streams, signal);
    const socket = await under.dialStream(url, ['v4.channel.k8s.io'], signal);
    await socket.send(Buffer.from('\0echo from the shell\nexit 5\n'));
    const said = await conversation(socket);
    expect(said.get(1)).toBe('from the shell\n');
    expect(JSON.parse(said.get(3) ?? '')).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '5' }] },
    });
  });

  it('ends the input of a command without ending its output', async () => {
    const id = await start(server);
    const streams = { tty: false, stdin: true, stdout: true, stderr: false };
    const url = await under.runtime.exec(id, ['cat'], streams, signal);
    const socket = await under.dialStream(url, ['v5.channel.k8s.io', 'v4.channel.k8s.io'], signal);
    await socket.send(Buffer.from('\0there and back'));
    await socket.send(Buffer.from([255, 0]));
    const said = await conversation(socket);
    expect(said.get(1)).toBe('there and back');
    expect(JSON.parse(said.get(3) ?? '')).toMatchObject({ status: 'Success' });
  });

  it('measures containers and sandboxes', async () => {
    const id = await start(server);
    const stats = await under.runtime.listContainerStats(
      { labels: { 'io.kubernetes.container.name': 'main' } },
      signal,
    );
    expect(stats.find((one) => one.id === id)).toMatchObject({ metadata: { name: 'main', attempt: 0 } });
    expect((await under.runtime.containerStats(id, signal)).cpu?.usageCoreNanoSeconds).toBeGreaterThanOrEqual(0);
    const sandboxes = await under.runtime.listSandboxStats({ id: sandboxId }, signal);
    expect(sandboxes.map((one) => one.metadata)).toEqual([sandbox.metadata]);
  });

  it('stops the containers of a sandbox with it, and does not mind being asked twice', async () => {
    const id = await start(server);
    await under.runtime.stopPodSandbox(sandboxId, signal);
    await under.runtime.stopPodSandbox(sandboxId, signal);
    expect(await exited(id)).toMatchObject({ exitCode: 137 });
    expect((await under.runtime.podSandboxStatus(sandboxId, signal)).state).toBe('NOTREADY');
    await under.runtime.removePodSandbox(sandboxId, signal);
    await under.runtime.removePodSandbox(sandboxId, signal);
    await expect(under.runtime.podSandboxStatus(sandboxId, signal)).rejects.toMatchObject({ reason: 'NotFound' });
    expect(await under.runtime.listContainers({ sandboxId }, signal)).toEqual([]);
  });

  it('knows the images it has', async () => {
    const image = await under.images.imageStatus(under.image, signal);
    expect(image?.sizeBytes).toBeGreaterThan(0);
    expect((await under.images.listImages(signal)).map(({ id }) => id)).toContain(image?.id);
    expect(await under.images.imageStatus('example.com/never/pulled:1', signal)).toBeUndefined();
    expect((await under.images.imageFsInfo(signal)).length).toBeGreaterThan(0);
  });

  it('fails to pull from a registry that does not exist', async () => {
    const pull = under.images.pullImage('registry.invalid/app:1', undefined, sandbox, signal);
    await expect(pull).rejects.toThrow('registry.invalid');
  });
}

/** What came over each channel until the peer closed. */
async function conversation(socket: StreamSocket): Promise<Map<number, string>> {
  const said = new Map<number, string>();
  for await (const message of socket.messages) {
    const channel = message[0] ?? -1;
    said.set(channel, (said.get(channel) ?? '') + message.subarray(1).toString());
  }
  return said;
}

async function eventually<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() > deadline) throw new Error('condition not met within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
