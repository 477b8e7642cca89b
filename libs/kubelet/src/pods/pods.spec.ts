import { notFound } from '@kubephant/api';
import type { ConfigMap, Pod, Secret, Service } from '@kubephant/schema';
import { aPod } from '../testing/builders';
import { etcHosts, parseResolvConf, podDns, podHostname } from './dns';
import { containerEnvironment, type ReferencedObjects } from './environment';
import { expand } from './expansion';
import { fieldValue, resourceValue } from './field-values';
import {
  containerResources,
  cpuShares,
  oomScoreAdj,
  podCgroup,
  podCgroupLimits,
  podRequest,
  qosClass,
} from './resources';
import { containerSecurity, rootRefused } from './security';
import { serviceEnvironment } from './service-env';

const image = 'busybox';
const gibibyte = 2 ** 30;
const facts = { podIPs: ['10.0.0.2', 'fd00::2'], hostIPs: ['192.0.2.1'], allocatable: { cpu: '4', memory: '8Gi' } };
const withResources = (...all: NonNullable<Pod['spec']['containers'][number]['resources']>[]): Pod =>
  aPod({ containers: all.map((resources, i) => ({ name: `c${i}`, image, resources })) });

describe('expansion', () => {
  const values = new Map([
    ['A', '1'],
    ['B', '$(A)'],
  ]);
  it.each([
    ['$(A)', '1'],
    ['x$(A)y$(A)', 'x1y1'],
    ['$(B)', '$(A)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$1'],
    ['$(NONE)', '$(NONE)'],
    ['$A $', '$A $'],
    ['$(A', '$(A'],
  ])('of %j is %j', (text, expected) => {
    expect(expand(text, values)).toBe(expected);
  });
});

describe('quality of service', () => {
  const both = { cpu: '1', memory: '1Gi' };
  it.each([
    ['BestEffort', withResources({})],
    ['Guaranteed', withResources({ limits: both })],
    ['Guaranteed', withResources({ limits: both, requests: { cpu: '1000m', memory: '1024Mi' } })],
    ['Burstable', withResources({ limits: both }, {})],
    ['Burstable', withResources({ requests: both })],
    ['Burstable', withResources({ limits: { cpu: '1' } })],
    ['BestEffort', withResources({ requests: { cpu: '0' } })],
  ])('is %s', (expected, pod) => {
    expect(qosClass(pod)).toBe(expected);
  });

  it('decides where control groups are and who is killed first', () => {
    const burstable = withResources({ requests: { memory: '1Gi' } });
    const spec = (pod: Pod) => pod.spec.containers[0] ?? { name: '' };
    expect(podCgroup('/x', burstable)).toBe('/x/kubepods/burstable/podu1');
    expect(podCgroup('', withResources({ limits: both }))).toBe('/kubepods/podu1');
    expect(oomScoreAdj(burstable, spec(burstable), 4 * gibibyte)).toBe(750);
    expect(oomScoreAdj(aPod(), spec(aPod()), gibibyte)).toBe(1000);
    expect(oomScoreAdj(withResources({ limits: both }), spec(burstable), gibibyte)).toBe(-997);
  });
});

describe('resources', () => {
  it('become what the kernel is told', () => {
    const pod = withResources(
      { requests: { cpu: '250m' }, limits: { cpu: '500m', memory: '64Mi' } },
      { limits: { cpu: '1' } },
    );
    const [first] = pod.spec.containers;
    expect(containerResources(pod, first ?? { name: '' }, gibibyte)).toMatchObject({
      cpuShares: 256,
      cpuPeriod: 100_000,
      cpuQuota: 50_000,
      memoryLimitInBytes: 67_108_864,
    });
    expect(podCgroupLimits(pod)).toEqual({ cpuShares: 1280, cpuPeriod: 100_000, cpuQuota: 150_000 });
    expect([0, 1, 300_000].map(cpuShares)).toEqual([2, 2, 262_144]);
  });

  it('of a pod are the larger of its init phases and its containers with their sidecars', () => {
    const asks = (cpu: string) => ({ image, resources: { requests: { cpu } } });
    const pod = aPod({
      initContainers: [
        { name: 'a', ...asks('2') },
        { name: 's', ...asks('500m'), restartPolicy: 'Always' },
        { name: 'b', ...asks('1') },
      ],
      containers: [{ name: 'm', ...asks('1') }],
      overhead: { cpu: '100m' },
    });
    expect(podRequest(pod, 'cpu').toString()).toBe('2100m');
  });
});

describe('a pod learns about itself', () => {
  const pod = aPod(
    { containers: [{ name: 'main', image, resources: { limits: { memory: '64Mi' }, requests: { cpu: '1500m' } } }] },
    { metadata: { name: 'web', namespace: 'default', uid: 'u1', resourceVersion: '1', labels: { b: '2', a: '1"' } } },
  );
  it.each([
    ['metadata.name', 'web'],
    ["metadata.labels['b']", '2'],
    ["metadata.labels['__proto__']", ''],
    ['metadata.labels', 'a="1\\""\nb="2"'],
    ['status.podIP', '10.0.0.2'],
    ['status.podIPs', '10.0.0.2,fd00::2'],
    ['status.hostIP', '192.0.2.1'],
  ])('%s is %j', (path, expected) => {
    expect(fieldValue(path, pod, facts)).toBe(expected);
  });

  it.each([
    [{ resource: 'limits.memory' }, '67108864'],
    [{ resource: 'limits.memory', divisor: '1Mi' }, '64'],
    [{ resource: 'limits.cpu' }, '4'],
    [{ resource: 'requests.cpu' }, '2'],
    [{ resource: 'requests.cpu', divisor: '1m' }, '1500'],
  ])('%j is %s', (ref, expected) => {
    expect(resourceValue(ref, 'main', pod, facts)).toBe(expected);
  });

  it('but nothing that does not exist', () => {
    expect(() => fieldValue('constructor', pod, facts)).toThrow('unsupported fieldPath: constructor');
    expect(() => resourceValue({ resource: 'limits.cpu', containerName: 'x' }, 'main', pod, facts)).toThrow(
      'container "x" not found',
    );
  });
});

describe('environment', () => {
  const objects: ReferencedObjects = {
    configMap: async (_, name) => {
      if (name !== 'cm') throw notFound({ group: '', resource: 'configmaps' }, name);
      return { data: { COLOR: 'blue', SIZE: 's' } } as object as ConfigMap;
    },
    secret: async () => ({ data: { PASS: Buffer.from('ä').toString('base64') } }) as object as Secret,
  };
  const environment = async (container: Partial<Pod['spec']['containers'][number]>) =>
    Object.fromEntries(
      await containerEnvironment({
        pod: aPod(),
        container: { name: 'main', ...container },
        facts,
        objects,
        serviceEnv: new Map([
          ['SVC', 'x'],
          ['COLOR', 'svc'],
        ]),
      }),
    );

  it('has later definitions over earlier ones', async () => {
    const env = await environment({
      envFrom: [{ configMapRef: { name: 'cm' } }, { prefix: 'S_', secretRef: { name: 's' } }],
      env: [
        { name: 'SIZE', value: 'xl' },
        { name: 'ALL', value: '$(SIZE) $(COLOR) $(SVC) $(LATER)' },
        { name: 'LATER', value: '1' },
      ],
    });
    expect(env).toEqual({ SVC: 'x', COLOR: 'blue', SIZE: 'xl', S_PASS: 'ä', ALL: 'xl blue x $(LATER)', LATER: '1' });
  });

  it('needs what it refers to, unless that is optional', async () => {
    await expect(environment({ envFrom: [{ configMapRef: { name: 'none' } }] })).rejects.toThrow(
      'configmaps "none" not found',
    );
    expect(await environment({ envFrom: [{ configMapRef: { name: 'none', optional: true } }] })).toEqual({
      SVC: 'x',
      COLOR: 'svc',
    });
    const key = (optional: boolean) =>
      environment({ env: [{ name: 'K', valueFrom: { configMapKeyRef: { name: 'cm', key: 'NO', optional } } }] });
    await expect(key(false)).rejects.toThrow("couldn't find key NO in ConfigMap default/cm");
    expect(await key(true)).not.toHaveProperty('K');
  });
});

describe('service variables', () => {
  const service = (name: string, namespace: string, clusterIP = '10.96.0.7'): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, uid: name, resourceVersion: '1' },
    spec: { clusterIP, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  });
  const all = [
    service('my-web', 'a'),
    service('other', 'b'),
    service('headless', 'a', 'None'),
    service('kubernetes', 'default', '10.96.0.1'),
  ];

  it('are for the own namespace and for the API server', () => {
    expect(Object.fromEntries(serviceEnvironment(all.slice(0, 3), 'a', true))).toEqual({
      MY_WEB_SERVICE_HOST: '10.96.0.7',
      MY_WEB_SERVICE_PORT: '80',
      MY_WEB_SERVICE_PORT_HTTP: '80',
      MY_WEB_PORT: 'tcp://10.96.0.7:80',
      MY_WEB_PORT_80_TCP: 'tcp://10.96.0.7:80',
      MY_WEB_PORT_80_TCP_PROTO: 'tcp',
      MY_WEB_PORT_80_TCP_PORT: '80',
      MY_WEB_PORT_80_TCP_ADDR: '10.96.0.7',
    });
    expect([...serviceEnvironment(all, 'a', false).keys()].every((name) => name.startsWith('KUBERNETES_'))).toBe(true);
  });
});

describe('DNS', () => {
  const host = { servers: ['192.0.2.53'], searches: ['corp.example'], options: ['timeout:1'] };
  const settings = { clusterDns: ['10.96.0.10'], clusterDomain: 'cluster.local', host };
  const inCluster = {
    servers: ['10.96.0.10'],
    searches: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'corp.example'],
    options: ['ndots:5'],
  };
  it.each([
    ['ClusterFirst', {}, inCluster],
    ['Default', {}, host],
    ['ClusterFirst', { hostNetwork: true }, host],
    ['ClusterFirstWithHostNet', { hostNetwork: true }, inCluster],
    [
      'None',
      { dnsConfig: { nameservers: ['1.1.1.1'], options: [{ name: 'ndots', value: '2' }] } },
      { servers: ['1.1.1.1'], searches: [], options: ['ndots:2'] },
    ],
    [
      'ClusterFirst',
      { dnsConfig: { options: [{ name: 'ndots', value: '1' }, { name: 'edns0' }] } },
      { ...inCluster, options: ['ndots:1', 'edns0'] },
    ],
  ])('by %s with %j', (dnsPolicy, spec, expected) => {
    expect(podDns(aPod({ dnsPolicy, ...spec }), settings)).toEqual(expected);
  });

  it('of the node is read from its file', () => {
    expect(parseResolvConf('# x\nnameserver 192.0.2.53\nsearch corp.example. x\noptions timeout:1\n')).toEqual({
      servers: ['192.0.2.53'],
      searches: ['corp.example', 'x'],
      options: ['timeout:1'],
    });
  });

  it('knows a pod by its hostname and subdomain', () => {
    const pod = aPod({ hostname: 'h', subdomain: 'sub', hostAliases: [{ ip: '1.2.3.4', hostnames: ['a', 'b'] }] });
    const names = podHostname(pod, 'cluster.local');
    expect(names).toEqual({ hostname: 'h', fqdn: 'h.sub.default.svc.cluster.local' });
    const hosts = etcHosts(pod, ['10.0.0.2'], names);
    expect(hosts).toContain('127.0.0.1\tlocalhost\n');
    expect(hosts).toContain('10.0.0.2\th.sub.default.svc.cluster.local\th\n');
    expect(hosts).toContain('1.2.3.4\ta\tb\n');
    expect(podHostname(aPod({ hostname: `${'x'.repeat(62)}-y` }), '').hostname).toHaveLength(62);
  });
});

describe('security', () => {
  const spec = {
    name: 'main',
    securityContext: { runAsUser: 7, capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false },
  };
  it('takes the container before the pod before the image', () => {
    const pod = aPod({
      securityContext: { runAsUser: 5, runAsGroup: 6, fsGroup: 9, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(containerSecurity(pod, spec, undefined)).toMatchObject({
      runAsUser: 7,
      runAsGroup: 6,
      supplementalGroups: [9],
      noNewPrivs: true,
      seccomp: { profileType: 'RuntimeDefault' },
      capabilities: { addCapabilities: [], dropCapabilities: ['ALL'] },
    });
    const busybox = { id: '', repoTags: [], repoDigests: [], sizeBytes: 0, pinned: false, uid: 3 };
    expect(containerSecurity(aPod(), { name: 'main' }, busybox)).toMatchObject({ runAsUser: 3 });
  });

  it('refuses root where it must not be, and a seccomp profile without a name', () => {
    const root = { id: '', repoTags: [], repoDigests: [], sizeBytes: 0, pinned: false, uid: 0 };
    const strict = aPod({ securityContext: { runAsNonRoot: true } });
    expect(rootRefused(strict, { name: 'main' }, root)).toBe(
      'container has runAsNonRoot and image will run as root (pod: "web_default(u1)", container: main)',
    );
    expect(rootRefused(strict, spec, root)).toBeUndefined();
    expect(rootRefused(strict, { name: 'main' }, { ...root, uid: undefined, username: 'app' })).toContain(
      'non-numeric user (app)',
    );
    const nameless = { name: 'main', securityContext: { seccompProfile: { type: 'Localhost' } } };
    expect(() => containerSecurity(aPod(), nameless, undefined)).toThrow('localhostProfile must be set');
  });
});
