import { hostname } from 'node:os';
import { join } from 'node:path';
import type { PostgresCommand } from './postgres';
import { databaseUrlFile, type Layout, type NodeLayout } from './layout';
import type { ProcessSpec } from './supervisor/process-spec';

/** Where the programs are: Node, and the directory that holds `APP/dist/main.cjs`. */
export interface Programs {
  readonly node: string;
  readonly apps: string;
  readonly containerd: string;
}

/**
 * Bounds of the heap, in MiB. A small young generation keeps an idle program small; one that makes much garbage (the API
 * server under load) spends a fifth of its time collecting it unless the young generation is larger.
 */
const heap = ({ heapMb, youngMb = 4 }: AppOptions): readonly string[] => [
  `--max-old-space-size=${heapMb}`,
  `--max-semi-space-size=${youngMb}`,
];

interface AppOptions {
  readonly name: string;
  readonly app: string;
  readonly flags: Readonly<Record<string, string | number | boolean>>;
  readonly heapMb: number;
  readonly youngMb?: number;
  readonly namespace?: string;
}

/** Every program of the cluster and its flags, in the order in which they are stopped last to first. */
export function processesOf(
  layout: Layout,
  programs: Programs,
  postgres: PostgresCommand | undefined,
): readonly ProcessSpec[] {
  const app = (options: AppOptions): ProcessSpec => appProcess(programs, layout, options);
  return [
    ...(postgres ? [postgresProcess(postgres)] : []),
    app(apiserver(layout)),
    app(controllerManager(layout)),
    app(scheduler(layout)),
    app(dns(layout)),
    ...layout.nodes.flatMap((node) =>
      nodeProcesses(layout, programs, node).map((spec) => ('app' in spec ? app(spec) : spec)),
    ),
  ];
}

function appProcess({ node, apps }: Programs, { options }: Layout, appOptions: AppOptions): ProcessSpec {
  const { name, app, flags, namespace } = appOptions;
  const given = Object.entries({ v: options.verbosity, ...flags }).map(([flag, value]) => `--${flag}=${value}`);
  return {
    name,
    argv: [node, ...heap(appOptions), join(apps, app, 'dist', 'main.cjs'), ...given],
    env: { NODE_ENV: 'production', UV_THREADPOOL_SIZE: '2' },
    ...(namespace !== undefined && { namespace }),
  };
}

function postgresProcess({ argv, env, uid, gid, cwd }: PostgresCommand): ProcessSpec {
  return {
    name: 'postgres',
    argv,
    env,
    cwd,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    // SIGINT is PostgreSQL's fast shutdown: SIGTERM waits until every client has left.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 20_000,
  };
}

function apiserver({ directories: { pki }, ports, advertiseAddress, serviceNetwork, options }: Layout): AppOptions {
  return {
    name: 'apiserver',
    app: 'apiserver',
    heapMb: 4096,
    youngMb: 32,
    flags: {
      'bind-address': '0.0.0.0',
      'secure-port': ports.apiserver,
      'advertise-address': advertiseAddress,
      'database-url-file': databaseUrlFile(options.dataDir),
      'service-cluster-ip-range': serviceNetwork,
      'client-ca-file': join(pki, 'ca.crt'),
      'tls-cert-file': join(pki, 'apiserver.crt'),
      'tls-private-key-file': join(pki, 'apiserver.key'),
      'token-auth-file': join(pki, 'tokens.csv'),
      'service-account-key-file': join(pki, 'sa.pub'),
      'service-account-signing-key-file': join(pki, 'sa.key'),
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'kubelet-client-certificate': join(pki, 'apiserver-kubelet-client.crt'),
      'kubelet-client-key': join(pki, 'apiserver-kubelet-client.key'),
      'kubelet-certificate-authority': join(pki, 'ca.crt'),
      'proxy-client-cert-file': join(pki, 'front-proxy-client.crt'),
      'proxy-client-key-file': join(pki, 'front-proxy-client.key'),
      'requestheader-client-ca-file': join(pki, 'front-proxy-ca.crt'),
      'requestheader-allowed-names': 'front-proxy-client',
      'authorization-mode': 'Node,RBAC',
      'enable-admission-plugins': 'NodeRestriction',
    },
  };
}

function controllerManager({ directories: { pki, config }, ports, podNetwork, options }: Layout): AppOptions {
  return {
    name: 'controller-manager',
    app: 'controller-manager',
    heapMb: 2048,
    flags: {
      kubeconfig: join(config, 'controller-manager.kubeconfig'),
      ...servedLocally(pki, 'controller-manager', ports.controllerManager),
      'root-ca-file': join(pki, 'ca.crt'),
      'cluster-cidr': podNetwork,
      'allocate-node-cidrs': true,
      'use-service-account-credentials': true,
      ...aloneOnThisMachine(options),
    },
  };
}

/** Metrics and health, over TLS and for this machine alone; metrics for those whom the API server lets see them. */
const servedLocally = (pki: string, name: string, port: number): AppOptions['flags'] => ({
  'bind-address': '127.0.0.1',
  'secure-port': port,
  'tls-cert-file': join(pki, `${name}.crt`),
  'tls-private-key-file': join(pki, `${name}.key`),
  'client-ca-file': join(pki, 'ca.crt'),
});

/** The supervisor never starts a second one beside a first: its successor need not wait for the lease to run out. */
const aloneOnThisMachine = ({ dataDir }: Layout['options']): AppOptions['flags'] => ({
  'leader-elect-identity': `${hostname()}${dataDir}`,
});

function scheduler({ directories: { pki, config }, ports, options }: Layout): AppOptions {
  return {
    name: 'scheduler',
    app: 'scheduler',
    heapMb: 2048,
    flags: {
      kubeconfig: join(config, 'scheduler.kubeconfig'),
      ...servedLocally(pki, 'scheduler', ports.scheduler),
      ...aloneOnThisMachine(options),
    },
  };
}

function dns({ directories: { config }, ports, gateway, domain }: Layout): AppOptions {
  return {
    name: 'dns',
    app: 'dns',
    heapMb: 512,
    flags: {
      kubeconfig: join(config, 'dns.kubeconfig'),
      'bind-address': gateway,
      port: ports.dns,
      'metrics-bind-address': `127.0.0.1:${ports.dnsMetrics}`,
      'cluster-domain': domain,
    },
  };
}

function nodeProcesses(layout: Layout, programs: Programs, node: NodeLayout): readonly (AppOptions | ProcessSpec)[] {
  const { namespace } = node;
  const kubelet: AppOptions = {
    name: `kubelet-${node.name}`,
    app: 'kubelet',
    heapMb: 1024,
    flags: kubeletFlags(layout, node),
    ...(namespace && { namespace }),
  };
  if (!namespace) return [kubelet];
  const containerd: ProcessSpec = {
    name: `containerd-${node.name}`,
    argv: [programs.containerd, '--config', join(node.directory, 'containerd.toml')],
    namespace,
  };
  const proxy: AppOptions = {
    name: `kube-proxy-${node.name}`,
    app: 'kube-proxy',
    heapMb: 512,
    namespace,
    flags: {
      kubeconfig: join(layout.directories.config, 'kube-proxy.kubeconfig'),
      'hostname-override': node.name,
      'cluster-cidr': layout.podNetwork,
      'healthz-bind-address': `${node.address}:${layout.ports.proxyHealth}`,
      'metrics-bind-address': `${node.address}:${layout.ports.proxyMetrics}`,
      'node-routes': true,
    },
  };
  return [containerd, kubelet, proxy];
}

function kubeletFlags(layout: Layout, node: NodeLayout): AppOptions['flags'] {
  const { pki, config } = layout.directories;
  return {
    kubeconfig: join(config, `kubelet-${node.name}.kubeconfig`),
    'hostname-override': node.name,
    'node-ip': node.address,
    runtime: layout.options.runtime,
    'container-runtime-endpoint': `unix://${node.containerdSocket}`,
    'root-dir': join(node.directory, 'kubelet'),
    'pod-log-dir': join(node.directory, 'pod-logs'),
    'cluster-dns': layout.dnsServiceIp,
    'cluster-domain': layout.domain,
    address: node.address,
    port: node.kubeletPort,
    'tls-cert-file': join(pki, `kubelet-${node.name}.crt`),
    'tls-private-key-file': join(pki, `kubelet-${node.name}.key`),
    'client-ca-file': join(pki, 'ca.crt'),
  };
}
