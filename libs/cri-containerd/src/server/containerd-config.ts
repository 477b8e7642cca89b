export interface ContainerdConfig {
  readonly root: string;
  readonly state: string;
  /** Path of the gRPC socket to listen on. */
  readonly socket: string;
  readonly cniConfDir: string;
  readonly cniBinDir: string;
  /** A CNI configuration with `{{.PodCIDR}}` in it: written to cniConfDir once the node's pod range is known. */
  readonly cniConfTemplate?: string;
  /** Imported before the first pod, under this name. */
  readonly sandboxImage: string;
  /** False (the safe default) where the kernel does not let us lower oom_score_adj: no CAP_SYS_RESOURCE. */
  readonly mayLowerOomScore?: boolean;
  /** What cgroups the machine has; a controller that is missing is not asked for. */
  readonly cgroups: { readonly driver: 'systemd' | 'cgroupfs'; readonly hugetlb: boolean };
  readonly snapshotter?: 'overlayfs' | 'native';
  /** With one hosts.toml per registry (mirrors, certificates). */
  readonly registryConfigDir?: string;
  /** Where the streaming server listens; port 0 takes any. */
  readonly streamAddress?: string;
  /** Address of the Prometheus endpoint; none without it. */
  readonly metricsAddress?: string;
}

type Value = string | number | boolean | readonly string[];
type Section = readonly [path: readonly string[], values: Readonly<Record<string, Value>>];

const cri = ['plugins', 'io.containerd.grpc.v1.cri'];

/** The configuration file of a containerd of our own, version 2 (containerd 1.5 to 1.7, and read by 2.x). */
export function containerdConfig(config: ContainerdConfig): string {
  return sections(config)
    .map(([path, values]) => {
      const header = path.length > 0 ? `[${path.map(tomlKey).join('.')}]\n` : '';
      const lines = Object.entries(values).map(([name, value]) => `${name} = ${tomlValue(value)}\n`);
      return header + lines.join('');
    })
    .join('\n');
}

function cniValues({ cniBinDir, cniConfDir, cniConfTemplate }: ContainerdConfig): Readonly<Record<string, Value>> {
  const template = cniConfTemplate === undefined ? {} : { conf_template: cniConfTemplate };
  return { bin_dir: cniBinDir, conf_dir: cniConfDir, max_conf_num: 1, ...template };
}

function sections(config: ContainerdConfig): Section[] {
  const { root, state, socket, snapshotter = 'overlayfs', registryConfigDir, metricsAddress } = config;
  return [
    [[], { version: 2, root, state, oom_score: 0 }],
    [['grpc'], { address: socket }],
    ...(metricsAddress === undefined ? [] : [[['metrics'], { address: metricsAddress }] as const]),
    [cri, criValues(config)],
    [[...cri, 'containerd'], { snapshotter, default_runtime_name: 'runc' }],
    [[...cri, 'containerd', 'runtimes', 'runc'], { runtime_type: 'io.containerd.runc.v2' }],
    [[...cri, 'containerd', 'runtimes', 'runc', 'options'], { SystemdCgroup: config.cgroups.driver === 'systemd' }],
    [[...cri, 'cni'], cniValues(config)],
    ...(registryConfigDir === undefined ? [] : [[[...cri, 'registry'], { config_path: registryConfigDir }] as const]),
    // The opt plugin would write below /opt, outside of our root.
    [['plugins', 'io.containerd.internal.v1.opt'], { path: `${root}/opt` }],
  ];
}

function criValues(config: ContainerdConfig): Record<string, Value> {
  return {
    sandbox_image: config.sandboxImage,
    stream_server_address: config.streamAddress ?? '127.0.0.1',
    stream_server_port: '0',
    restrict_oom_score_adj: config.mayLowerOomScore !== true,
    disable_hugetlb_controller: !config.cgroups.hugetlb,
    tolerate_missing_hugetlb_controller: true,
    enable_unprivileged_ports: true,
    enable_unprivileged_icmp: true,
    // AppArmor needs its parser on the machine, and containers must start without it.
    disable_apparmor: true,
  };
}

function tomlKey(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}

/** JSON's strings, numbers, booleans and arrays of them are TOML's too. */
function tomlValue(value: Value): string {
  return JSON.stringify(value);
}
