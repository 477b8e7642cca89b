import { newCodec } from './codec';
import { containerConfig, sandboxConfig } from './to-wire';
import { containerdConfig } from './server/containerd-config';

const codec = newCodec();
const namespaceOptions = { network: 'POD', pid: 'CONTAINER', ipc: 'POD' } as const;

describe('codec', () => {
  it('writes fields under their numbers in protobuf', () => {
    const bytes = codec.encode('StopContainerRequest', { containerId: 'ab', timeout: 300 });
    expect(bytes.toString('hex')).toBe('0a02' + '6162' + '10ac02');
  });

  it('tells user 0 from no user', () => {
    const config = {
      metadata: { name: 'main', attempt: 2 },
      image: { image: 'x' },
      envs: [{ key: 'A', value: 'ü' }],
      mounts: [{ containerPath: '/a', hostPath: '/b', readonly: true, propagation: 'BIDIRECTIONAL' as const }],
      labels: { a: 'b' },
      annotations: {},
      logPath: 'main/2.log',
      linux: { securityContext: { namespaceOptions, runAsUser: 0 } },
    };
    const decoded = codec.decode('ContainerConfig', codec.encode('ContainerConfig', containerConfig(config)));
    expect(decoded).toMatchObject({
      metadata: { name: 'main', attempt: 2 },
      envs: [{ key: 'A', value: Buffer.from('ü') }],
      mounts: config.mounts,
      labels: { a: 'b' },
      linux: { securityContext: { runAsUser: { value: 0 }, runAsGroup: null, namespaceOptions: { network: 'POD' } } },
    });
  });

  it('carries a sandbox there and back', () => {
    const config = {
      metadata: { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 },
      hostname: 'web',
      logDirectory: '/logs',
      portMappings: [{ protocol: 'UDP' as const, containerPort: 53, hostPort: 5353, hostIp: '' }],
      labels: {},
      annotations: {},
      linux: { securityContext: { namespaceOptions: { ...namespaceOptions, network: 'NODE' as const } } },
    };
    const decoded = codec.decode('PodSandboxConfig', codec.encode('PodSandboxConfig', sandboxConfig(config)));
    expect(decoded).toMatchObject({ ...config, linux: { securityContext: { namespaceOptions: { network: 'NODE' } } } });
  });

  it('keeps a nanosecond timestamp to the millisecond', () => {
    const nanoseconds = 1_800_000_000_123_456_789n;
    const bytes = codec.encode('ContainerStatus', { createdAt: nanoseconds.toString() });
    const { createdAt } = codec.decode('ContainerStatus', bytes) as { createdAt: number };
    expect(Math.floor(createdAt / 1e6)).toBe(1_800_000_000_123);
  });

  it('has no fields for messages that need none', () => {
    expect(codec.encode('ListImagesResponseThatIsEmpty', { anything: 1 })).toHaveLength(0);
  });
});

describe('containerd configuration', () => {
  it('is TOML with everything under our own directories', () => {
    const text = containerdConfig({
      root: '/d/root',
      state: '/d/state',
      socket: '/d/c.sock',
      cniConfDir: '/d/cni',
      cniBinDir: '/usr/lib/cni',
      sandboxImage: 'localhost/pause:1',
      cgroups: { driver: 'cgroupfs', hugetlb: false },
      registryConfigDir: '/d/registries',
    });
    expect(text).toBe(`version = 2
root = "/d/root"
state = "/d/state"
oom_score = 0

[grpc]
address = "/d/c.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
stream_server_address = "127.0.0.1"
stream_server_port = "0"
restrict_oom_score_adj = true
disable_hugetlb_controller = true
tolerate_missing_hugetlb_controller = true
enable_unprivileged_ports = true
enable_unprivileged_icmp = true
disable_apparmor = true

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "/d/cni"
max_conf_num = 1

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "/d/registries"

[plugins."io.containerd.internal.v1.opt"]
path = "/d/root/opt"
`);
  });
});
