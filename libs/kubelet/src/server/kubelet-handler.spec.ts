import { StatusError } from '@kubephant/api';
import { newMetrics, silent } from '@kubephant/base';
import type { Incoming, Reply } from '@kubephant/serving';
import { newMemoryFiles } from '@kubephant/node';
import { openNode, type NodeFixture } from '../testing/node-fixture';
import { tailPosition } from './container-log';
import { kubeletHandler } from './kubelet-handler';
import { LogFormatter, parseLogLine } from './log-lines';

const log = [
  '2026-01-01T00:00:01.000000000Z stdout F one',
  '2026-01-01T00:00:02.000000000Z stderr F two',
  '2026-01-01T00:00:03.000000000Z stdout P thr',
  '2026-01-01T00:00:03.000000000Z stdout F ee',
  '2026-01-01T00:00:04.000000000Z stdout F four',
].join('\n');

describe('log lines', () => {
  const formatted = (options: Partial<ConstructorParameters<typeof LogFormatter>[0]>): string => {
    const formatter = new LogFormatter({ follow: false, timestamps: false, ...options });
    // Cut in odd places, as reads from a file that is being written are.
    return (`${log}\n`.match(/.{1,17}/gs) ?? []).map((part) => formatter.push(Buffer.from(part)).toString()).join('');
  };

  it.each([
    ['everything', {}, 'one\ntwo\nthree\nfour\n'],
    ['one stream', { stream: 'stderr' as const }, 'two\n'],
    ['what is new enough', { sinceMs: Date.parse('2026-01-01T00:00:03Z') }, 'three\nfour\n'],
    ['so many bytes', { limitBytes: 6 }, 'one\ntw'],
  ])('give %s', (_, options, expected) => {
    expect(formatted(options)).toBe(expected);
  });

  it('have their time before them once, also when they were written in parts', () => {
    expect(formatted({ timestamps: true, sinceMs: Date.parse('2026-01-01T00:00:03Z') })).toBe(
      '2026-01-01T00:00:03.000000000Z three\n2026-01-01T00:00:04.000000000Z four\n',
    );
  });

  it.each(['', 'no time', 'a b', 'time stdin F x'])('that are none are left out: %j', (line) => {
    expect(parseLogLine(Buffer.from(line))).toBeUndefined();
  });

  it.each([
    [0, ''],
    [1, 'four'],
    [2, 'ee|four'],
    [99, 'one|two|thr|ee|four'],
  ])('are found from the end: the last %i', async (lines, expected) => {
    const files = newMemoryFiles(() => 0);
    await files.writeFile('/log', `${log}\n`);
    await using file = await files.open('/log');
    const position = await tailPosition(file, lines);
    const text = (await file.read(position, 10_000)).toString().trimEnd();
    expect(
      text
        .split('\n')
        .map((line) => line.replace(/^\S+ \S+ \S+ /, ''))
        .join('|'),
    ).toBe(expected);
  });
});

describe("the kubelet's API", () => {
  let node: NodeFixture;
  let allowed: boolean;
  let reviews: object[];
  beforeEach(async () => {
    node = await openNode();
    allowed = true;
    reviews = [];
    node.addPod('web', {
      containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', 'echo hello; sleep 3600'] }],
    });
    await node.until('running', () => node.pod('web').status?.phase === 'Running');
  });
  afterEach(() => node.stop());

  const ask = async (path: string, change: Partial<Incoming> = {}): Promise<Reply> => {
    const config = { nodeName: 'node-1' } as Parameters<typeof kubeletHandler>[1];
    const client = {
      ...node.cluster.client,
      review: async (_: string, body: object) => {
        reviews.push(body);
        return { status: { allowed } } as never;
      },
    };
    const deps = {
      client,
      clock: node.clock,
      log: silent,
      metrics: newMetrics(),
      dialStream: node.simulated.dialStream,
    };
    const req: Incoming = {
      method: 'GET',
      url: new URL(`https://node-1:10250${path}`),
      headers: new Headers(),
      signal: new AbortController().signal,
      body: async () => Buffer.alloc(0),
      clientCertificate: { commonName: 'kube-apiserver', organizations: [] },
      remoteAddress: '192.0.2.1',
      ...change,
    };
    return await kubeletHandler(node.kubelet.parts, config, deps)(req);
  };
  const textOf = async (reply: Reply): Promise<string> => {
    const chunks: Uint8Array[] = [];
    if (reply.kind === 'bytes') chunks.push(...reply.chunks);
    if (reply.kind === 'stream') for await (const some of reply.chunks) chunks.push(...some);
    return Buffer.concat(chunks).toString();
  };

  it('gives the log of a container', async () => {
    expect(await textOf(await ask('/containerLogs/default/web/main'))).toBe('hello\n');
    expect(await textOf(await ask('/containerLogs/default/web/main?tailLines=0'))).toBe('');
  });

  it.each([
    ['/containerLogs/default/none/main', 404, 'pods "none" not found'],
    ['/containerLogs/default/web/side', 400, 'container side is not valid for pod web'],
    [
      '/containerLogs/default/web/main?previous=true',
      400,
      'previous terminated container "main" in pod "web" not found',
    ],
    ['/exec/default/web/main?command=ls&output=1', 400, 'Upgrade request required'],
    ['/exec/default/web/main?output=1', 400, 'you must specify at least 1 command for exec'],
    ['/exec/default/web/side?command=ls&output=1', 500, 'container not found ("side")'],
    ['/attach/default/web/side?output=1', 500, 'container not found ("side")'],
    ['/%zz', 400, 'malformed path'],
  ])('answers %s with %i', async (path, status, message) => {
    const reply = await ask(path);
    expect(reply).toMatchObject({ kind: 'bytes', status });
    expect(await textOf(reply)).toBe(message);
  });

  it.each([
    ['/containerLogs/default/web/main', 'GET', 'get', 'proxy'],
    ['/exec/default/web/main?command=ls', 'GET', 'create', 'proxy'],
    ['/metrics', 'GET', 'get', 'metrics'],
    ['/stats/summary', 'GET', 'get', 'stats'],
    ['/pods', 'GET', 'get', 'pods'],
  ])('asks for %s (%s) whether %s on nodes/%s is allowed', async (path, method, verb, subresource) => {
    await ask(path, { method });
    expect(reviews[0]).toMatchObject({
      spec: { user: 'kube-apiserver', resourceAttributes: { verb, subresource, resource: 'nodes', name: 'node-1' } },
    });
  });

  it('turns away who is not known or not allowed', async () => {
    const { clientCertificate: _, ...anonymous } = { clientCertificate: undefined };
    expect(
      await ask('/pods', { ...anonymous, clientCertificate: { commonName: '', organizations: [] } }),
    ).toMatchObject({ status: 401 });
    expect(await ask('/pods', { clientCertificateError: 'expired' })).toMatchObject({ status: 401 });
    expect(reviews).toEqual([]);
    allowed = false;
    expect(await ask('/pods')).toMatchObject({ status: 403 });
  });

  it('runs a command in a session of the protocol the client knows', async () => {
    const reply = await ask('/exec/default/web/main?command=sh&input=1&output=1&error=1', {
      upgrade: ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    });
    if (reply.kind !== 'socket') throw new Error('no session');
    expect(reply.protocol).toBe('v5.channel.k8s.io');
    const said: string[] = [];
    await reply.serve({
      protocol: reply.protocol,
      messages: (async function* () {
        yield Buffer.from('\0echo hi\nexit 3\n');
        yield Buffer.from([255, 0]);
        await new Promise(() => undefined);
      })(),
      send: async (data) => void said.push(Buffer.from(data).toString()),
      signal: new AbortController().signal,
    });
    expect(said[0]).toBe('\x01hi\n');
    expect(JSON.parse(said[1]?.slice(1) ?? '')).toMatchObject({ reason: 'NonZeroExitCode' });
  });

  it('tells why the runtime refuses a session instead of opening one', async () => {
    jest
      .spyOn(node.kubelet.parts.deps.runtime, 'exec')
      .mockRejectedValueOnce(new StatusError('', 'container is in CONTAINER_EXITED state'));
    const reply = await ask('/exec/default/web/main?command=ls&output=1', { upgrade: ['v5.channel.k8s.io'] });
    expect(reply).toMatchObject({ kind: 'bytes', status: 500 });
    expect(await textOf(reply)).toBe('container is in CONTAINER_EXITED state');
  });

  it.each([
    ['ErrImagePull', "image can't be pulled", 'registry.invalid/app:1'],
    ['ImagePullBackOff', 'trying and failing to pull image', 'registry.invalid/app:1'],
    ['InvalidImageName', 'InvalidImageName', 'UPPER'],
  ])('has no log of a container in %s: %s', async (reason, why, image) => {
    node.addPod('pull', { containers: [{ name: 'c', image }] });
    const waiting = () => node.pod('pull').status?.containerStatuses?.[0]?.state?.waiting;
    await node.until(reason, () => waiting()?.reason === reason, 100);
    const reply = await ask('/containerLogs/default/pull/c');
    expect(reply).toMatchObject({ status: 400 });
    expect(await textOf(reply)).toBe(`container "c" in pod "pull" is waiting to start: ${why}`);
  });

  it('measures', async () => {
    expect(await textOf(await ask('/metrics/resource'))).toContain(
      'container_memory_working_set_bytes{container="main",namespace="default",pod="web"} 10485760',
    );
    expect(await textOf(await ask('/metrics/cadvisor'))).toContain(
      'container_cpu_usage_seconds_total{container="main"',
    );
    expect(await textOf(await ask('/metrics/probes'))).toContain('# TYPE prober_probe_duration_seconds histogram');
    await node.clock.advance(15_000);
    const own = await node.kubelet.parts.deps.metrics.workingPods.get();
    expect(own.values.map(({ labels, value }) => [labels.lifecycle, value])).toEqual([
      ['sync', 1],
      ['terminating', 0],
      ['terminated', 0],
    ]);
    expect(await ask('/stats/summary')).toMatchObject({
      body: { node: { nodeName: 'node-1' }, pods: [{ podRef: { name: 'web' } }] },
    });
    expect(await ask('/runningpods/')).toMatchObject({
      body: { kind: 'PodList', items: [{ metadata: { name: 'web' } }] },
    });
  });
});
