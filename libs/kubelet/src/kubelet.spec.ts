import { StatusError } from '@kubephant/api';
import { pods, nodes, leases, configMaps, secrets } from '@kubephant/client';
import { openNode, type NodeFixture } from './testing/node-fixture';

describe('kubelet', () => {
  let node: NodeFixture;
  beforeEach(async () => {
    node = await openNode();
  });
  afterEach(() => node.stop());
  const status = (name: string) => node.pod(name).status ?? {};
  const phaseIs = (name: string, phase: string) =>
    node.until(`${name} is ${phase}`, () => status(name).phase === phase);

  it('registers its node, says that it is ready and holds a lease', async () => {
    await node.until('lease', () => node.cluster.objects(leases).length === 1);
    const [registered] = node.cluster.objects(nodes);
    expect(registered?.metadata.labels).toMatchObject({
      'kubernetes.io/hostname': 'node-1',
      'kubernetes.io/os': 'linux',
    });
    expect(registered?.status).toMatchObject({
      capacity: { cpu: '4', pods: '110', memory: '16777216Ki' },
      addresses: [
        { type: 'InternalIP', address: '192.0.2.10' },
        { type: 'Hostname', address: 'node-1' },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    });
    const ready = registered?.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(node.cluster.objects(leases)[0]?.spec).toMatchObject({ holderIdentity: 'node-1', leaseDurationSeconds: 40 });
  });

  it('runs a pod and reports everything about it', async () => {
    node.addPod('web', {});
    await phaseIs('web', 'Running');
    const { conditions = [], containerStatuses = [], ...rest } = status('web');
    expect(rest).toMatchObject({
      phase: 'Running',
      hostIP: '192.0.2.10',
      podIP: '10.244.1.2',
      podIPs: [{ ip: '10.244.1.2' }],
      startTime: '2026-01-01T00:00:00Z',
      qosClass: 'BestEffort',
      observedGeneration: 1,
    });
    expect(conditions.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(containerStatuses).toMatchObject([
      { name: 'main', ready: true, started: true, restartCount: 0, state: { running: {} }, image: 'busybox' },
    ]);
    expect(containerStatuses[0]?.containerID).toMatch(/^simulated:\/\/[0-9a-f]{64}$/);
    await node.until('events', () => node.events('web').length === 4);
    expect(
      node
        .events('web')
        .map((event) => event.replace(/in \S+ \(\S+/, 'in T (T'))
        .sort(),
    ).toEqual([
      'Created: Container created',
      'Pulled: Successfully pulled image "busybox" in T (T including waiting). Image size: 5000000 bytes.',
      'Pulling: Pulling image "busybox"',
      'Started: Container started',
    ]);
  });

  it('deletes a pod only after its containers are gone, under its own uid', async () => {
    node.addPod('web', {}, { annotations: { 'simulated.kubephant.dev/behaviour': 'stop=3s' } });
    await phaseIs('web', 'Running');
    await node.cluster.client
      .resource(pods)
      .delete({ namespace: 'default', name: 'web' }, new AbortController().signal, { gracePeriodSeconds: 30 });
    await node.clock.advance(2000);
    expect(node.pod('web').metadata.deletionTimestamp).toBeDefined();
    await node.until('gone', () => node.cluster.get(pods, { namespace: 'default', name: 'web' }) === undefined);
    await node.until('cleaned', () => node.kubelet.parts.workers.get('uid-of-web') === undefined);
    const { runtime } = node.simulated;
    const { signal } = new AbortController();
    expect(await runtime.listPodSandboxes({}, signal)).toEqual([]);
    expect(await runtime.listContainers({}, signal)).toEqual([]);
    expect(await node.host.files.list('/var/lib/kubelet/pods')).toEqual([]);
    expect(await node.host.files.list('/var/log/pods')).toEqual([]);
    expect(node.events('web')).toContain('Killing: Stopping container main');
  });

  it('restarts a container that fails, later and later, and keeps count', async () => {
    node.addPod('crash', {}, { annotations: { 'simulated.kubephant.dev/behaviour': 'exit=3' } });
    const main = () => status('crash').containerStatuses?.[0];
    await node.until('back-off', () => main()?.state?.waiting?.reason === 'CrashLoopBackOff');
    expect(main()).toMatchObject({
      restartCount: 1,
      ready: false,
      state: { waiting: { message: 'back-off 10s restarting failed container=main pod=crash_default(uid-of-crash)' } },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(status('crash').phase).toBe('Running');
    await node.until('third attempt', () => (main()?.restartCount ?? 0) >= 3);
    expect(node.events('crash')).toContain(
      'BackOff: Back-off restarting failed container main in pod crash_default(uid-of-crash)',
    );
  });

  it.each([
    ['OnFailure', 'exit=0', 'Succeeded'],
    ['Never', 'exit=0', 'Succeeded'],
    ['Never', 'exit=1', 'Failed'],
  ])('ends a pod with restart policy %s whose container does %s as %s', async (restartPolicy, behaviour, phase) => {
    node.addPod('job', { restartPolicy }, { annotations: { 'simulated.kubephant.dev/behaviour': behaviour } });
    await phaseIs('job', phase);
    expect(status('job').containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: Number(behaviour.slice(5)),
    });
    const { signal } = new AbortController();
    await node.until('stopped', () => node.kubelet.parts.workers.get('uid-of-job')?.state === 'finished');
    expect((await node.simulated.runtime.listPodSandboxes({}, signal)).map(({ state }) => state)).toEqual(['NOTREADY']);
  });

  it('runs init containers in order, sidecars beside, and stops sidecars last', async () => {
    const image = 'busybox';
    node.addPod('ordered', {
      initContainers: [
        { name: 'first', image, command: ['sleep', '5'] },
        { name: 'side', image, restartPolicy: 'Always' },
        { name: 'second', image, command: ['sleep', '5'] },
      ],
    });
    const init = () => status('ordered').initContainerStatuses?.map(({ state }) => Object.keys(state ?? {})[0]);
    await node.until('first', () => init()?.[0] === 'running');
    expect(init()).toEqual(['running', 'waiting', 'waiting']);
    expect(status('ordered').containerStatuses?.[0]?.state?.waiting?.reason).toBe('PodInitializing');
    await node.until('second', () => init()?.[2] === 'running');
    expect(init()).toEqual(['terminated', 'running', 'running']);
    await phaseIs('ordered', 'Running');
    expect(init()).toEqual(['terminated', 'running', 'terminated']);
    expect(status('ordered').conditions?.find(({ type }) => type === 'Initialized')?.status).toBe('True');
  });

  it('leaves containers alone when it is restarted, and goes on counting', async () => {
    node.addPod('web', {});
    await phaseIs('web', 'Running');
    const { signal } = new AbortController();
    const before = await node.simulated.runtime.listContainers({}, signal);
    await node.restart();
    await node.clock.advance(15_000);
    expect(await node.simulated.runtime.listContainers({}, signal)).toEqual(before);
    node.simulated.kill(before[0]?.id ?? '');
    await node.until('restarted', () => status('web').containerStatuses?.[0]?.restartCount === 1);
    await node.until('running', () => status('web').containerStatuses?.[0]?.state?.running !== undefined);
    expect(status('web').containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 137 });
  });

  it('stops what runs for pods that were deleted behind its back', async () => {
    node.addPod('web', {});
    await phaseIs('web', 'Running');
    await node.stop();
    await node.cluster.client
      .resource(pods)
      .delete({ namespace: 'default', name: 'web' }, new AbortController().signal, { gracePeriodSeconds: 0 });
    await node.restart();
    const { signal } = new AbortController();
    await node.clock.advance(30_000);
    expect(await node.simulated.runtime.listPodSandboxes({}, signal)).toEqual([]);
    expect(await node.host.files.list('/var/lib/kubelet/pods')).toEqual([]);
  });

  it('fills volumes and environment from ConfigMaps, Secrets and the pod itself', async () => {
    const about = { namespace: 'default' };
    node.cluster.seed(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...about, name: 'settings' },
      data: { color: 'blue' },
    });
    const password = Buffer.from('hunter2').toString('base64');
    node.cluster.seed(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...about, name: 'keys' },
      data: { password },
    });
    node.addPod('fed', {
      serviceAccountName: 'default',
      containers: [
        {
          name: 'main',
          image: 'busybox',
          command: ['sh', '-c', 'echo $COLOR $SECRET $WHO $COPY'],
          env: [
            { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'color' } } },
            { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'keys', key: 'password' } } },
            { name: 'WHO', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'COPY', value: '$(WHO)-$$(WHO)' },
          ],
          volumeMounts: [{ name: 'all', mountPath: '/all' }],
        },
      ],
      restartPolicy: 'Never',
      volumes: [
        {
          name: 'all',
          projected: {
            sources: [
              { configMap: { name: 'settings' } },
              { secret: { name: 'keys', items: [{ key: 'password', path: 'deep/pass', mode: 0o400 }] } },
              { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
              { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
            ],
          },
        },
      ],
    });
    await phaseIs('fed', 'Succeeded');
    const log = await node.host.files.readFile('/var/log/pods/default_fed_uid-of-fed/main/0.log');
    expect(log.toString()).toMatch(/stdout F blue hunter2 fed fed-\$\(WHO\)\n$/);
    expect(node.cluster.calls).toContainEqual({
      verb: 'post',
      resource: 'serviceaccounts',
      key: 'default/default',
      subresource: 'token',
    });
  });

  it('brings a changed ConfigMap into the volumes of a running pod, and asks for it no more than once', async () => {
    const key = { namespace: 'default', name: 'settings' };
    node.cluster.seed(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data: { color: 'blue' } });
    node.addPod('fed', { volumes: [{ name: 'v', configMap: { name: 'settings' } }] });
    await phaseIs('fed', 'Running');
    node.cluster.change(configMaps, key, (found) => (found.data = { color: 'red' }));
    const file = '/var/lib/kubelet/pods/uid-of-fed/volumes/kubernetes.io~configmap/v/color';
    await node.clock.advance(61_000);
    expect((await node.host.files.readFile(file)).toString()).toBe('red');
    const calls = node.cluster.calls.filter(({ resource, verb }) => resource === 'configmaps' && verb !== 'watch');
    expect(calls.map(({ verb }) => verb)).toEqual(['list']);
  });

  it('waits for what a pod refers to and says what is missing', async () => {
    node.addPod('hungry', {
      containers: [
        {
          name: 'main',
          image: 'busybox',
          env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'late', key: 'a' } } }],
        },
      ],
    });
    const waiting = () => status('hungry').containerStatuses?.[0]?.state?.waiting;
    await node.until('config error', () => waiting()?.reason === 'CreateContainerConfigError');
    expect(waiting()?.message).toBe('configmaps "late" not found');
    node.cluster.seed(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'default', name: 'late' },
      data: { a: '1' },
    });
    await phaseIs('hungry', 'Running');
  });

  it('says why an image cannot be had, and backs off', async () => {
    node.addPod('pull', { containers: [{ name: 'main', image: 'registry.invalid/app:1' }] });
    const waiting = () => status('pull').containerStatuses?.[0]?.state?.waiting?.reason;
    await node.until('error', () => waiting() === 'ErrImagePull', 100);
    await node.until('back-off', () => waiting() === 'ImagePullBackOff');
    expect(status('pull').phase).toBe('Pending');
    expect(node.events('pull')).toContain('BackOff: Back-off pulling image "registry.invalid/app:1"');
  });

  it('keeps trying to tell how a pod is, unless the API calls it wrong', async () => {
    const busy = new StatusError('ServiceUnavailable', 'busy');
    for (let i = 0; i < 5; i++) node.cluster.failNext('patch', pods, busy);
    node.addPod('web', {});
    await phaseIs('web', 'Running');
    node.cluster.failNext('patch', pods, new StatusError('Invalid', 'no'));
    await node.cluster.client
      .resource(pods)
      .delete({ namespace: 'default', name: 'web' }, new AbortController().signal, { gracePeriodSeconds: 1 });
    await node.until('gone', () => node.cluster.get(pods, { namespace: 'default', name: 'web' }) === undefined);
  });

  it('says that it is not ready while its runtime is away, and disturbs nothing', async () => {
    node.addPod('web', {});
    await phaseIs('web', 'Running');
    const { runtime } = node.simulated;
    const { signal } = new AbortController();
    const before = await runtime.listContainers({}, signal);
    const ready = () => node.cluster.objects(nodes)[0]?.status?.conditions?.find(({ type }) => type === 'Ready');
    const away = jest
      .spyOn(node.kubelet.parts.deps.runtime, 'status')
      .mockRejectedValue(new Error('connection refused'));
    await node.until('not ready', () => ready()?.status === 'False');
    expect(ready()).toMatchObject({
      reason: 'KubeletNotReady',
      message: expect.stringContaining('connection refused') as string,
    });
    away.mockRestore();
    await node.until('ready', () => ready()?.status === 'True');
    expect(await runtime.listContainers({}, signal)).toEqual(before);
  });

  it('turns away a pod that does not fit', async () => {
    await node.until('node', () => node.cluster.objects(nodes).length === 1);
    node.addPod('huge', { containers: [{ name: 'main', image: 'busybox', resources: { requests: { cpu: '5' } } }] });
    await phaseIs('huge', 'Failed');
    expect(status('huge')).toMatchObject({
      reason: 'OutOfcpu',
      message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000",
    });
  });
});

describe('probes', () => {
  it('restart a container that stops answering, and hold back traffic from one that is not ready', async () => {
    let alive = true;
    let ready = false;
    const answer = (ok: boolean) => ({
      ok,
      code: ok ? 200 : 500,
      output: ok ? 'ok' : 'HTTP probe failed with statuscode: 500',
    });
    const node = await openNode({
      prober: {
        http: async ({ url }) => answer(url.endsWith('/live') ? alive : ready),
        tcp: async () => answer(true),
        grpc: async () => answer(true),
      },
    });
    node.addPod('probed', {
      containers: [
        {
          name: 'main',
          image: 'busybox',
          ports: [{ name: 'http', containerPort: 8080 }],
          livenessProbe: { httpGet: { path: '/live', port: 'http' }, periodSeconds: 5, failureThreshold: 2 },
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 2 },
        },
      ],
    });
    const main = () => node.pod('probed').status?.containerStatuses?.[0];
    await node.until('running', () => main()?.state?.running !== undefined);
    await node.clock.advance(5000);
    expect(main()?.ready).toBe(false);
    ready = true;
    await node.until('ready', () => main()?.ready === true);
    alive = false;
    await node.until('restarted', () => main()?.restartCount === 1);
    alive = true;
    await node.until('ready again', () => main()?.ready === true);
    expect(node.events('probed')).toEqual(
      expect.arrayContaining([
        'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 500',
        'Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500',
        'Killing: Container main failed liveness probe, will be restarted',
      ]),
    );
    await node.stop();
  });
});
