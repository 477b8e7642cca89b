import { mkdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { readIfThere, replaceFile, writeSecret } from './files';

export interface ClusterOptions {
  readonly dataDir: string;
  /** Added to every port; also picks the cluster's addresses, so that clusters live side by side. */
  readonly portOffset: number;
  readonly nodes: number;
  readonly runtime: 'containerd' | 'simulated';
  /** An external PostgreSQL; absent: an embedded one. */
  readonly databaseUrl?: string;
  readonly verbosity: number;
}

/** A node as the launcher sees it: where it lives, before the API knows of it. */
export interface NodeLayout {
  readonly name: string;
  readonly directory: string;
  readonly address: string;
  readonly kubeletPort: number;
  /** Name of its network namespace; absent when it shares the machine's (simulated runtime). */
  readonly namespace?: string;
  readonly containerdSocket: string;
}

/** Every path, port and address of a cluster on this machine, derived from its options alone. */
export interface Layout {
  readonly options: ClusterOptions;
  /** 0..63, from the port offset: names the bridge and picks the address ranges. */
  readonly index: number;
  /** Carries the data directory as its alias: what the cluster's networks belong to. */
  readonly bridge: string;
  readonly gateway: string;
  /** Where the API server and the DNS server are found from inside the cluster: never a loopback address. */
  readonly advertiseAddress: string;
  readonly nodeNetwork: string;
  readonly podNetwork: string;
  readonly serviceNetwork: string;
  readonly kubernetesServiceIp: string;
  readonly dnsServiceIp: string;
  readonly domain: string;
  readonly ports: {
    readonly apiserver: number;
    readonly scheduler: number;
    readonly controllerManager: number;
    readonly dns: number;
    readonly dnsMetrics: number;
    readonly proxyHealth: number;
    readonly proxyMetrics: number;
  };
  readonly directories: {
    readonly pki: string;
    readonly config: string;
    readonly logs: string;
    readonly run: string;
    readonly postgres: string;
    readonly postgresSocket: string;
    readonly cache: string;
  };
  readonly adminKubeconfig: string;
  readonly nodes: readonly NodeLayout[];
}

export function layoutOf(options: ClusterOptions): Layout {
  const { dataDir, portOffset } = options;
  const index = portOffset % 64;
  const inNamespaces = options.runtime === 'containerd';
  const gateway = inNamespaces ? `172.30.${index}.1` : '127.0.0.1';
  const services = `10.${96 + index}.0`;
  return {
    options,
    index,
    bridge: `kubephant${index}`,
    gateway,
    advertiseAddress: inNamespaces ? gateway : outsideAddress(),
    nodeNetwork: `172.30.${index}.0/24`,
    podNetwork: `10.${160 + index}.0.0/16`,
    serviceNetwork: `${services}.0/16`,
    kubernetesServiceIp: `${services}.1`,
    dnsServiceIp: `${services}.10`,
    domain: 'cluster.local',
    ports: {
      apiserver: 6443 + portOffset,
      scheduler: 10259 + portOffset,
      controllerManager: 10257 + portOffset,
      dns: 10053 + portOffset,
      dnsMetrics: 9153 + portOffset,
      proxyHealth: 10256 + (inNamespaces ? 0 : portOffset),
      proxyMetrics: 10249 + (inNamespaces ? 0 : portOffset),
    },
    directories: {
      pki: join(dataDir, 'pki'),
      config: join(dataDir, 'config'),
      logs: join(dataDir, 'logs'),
      run: join(dataDir, 'run'),
      postgres: join(dataDir, 'postgres'),
      postgresSocket: join(dataDir, 'run', 'postgres'),
      cache: join(dataDir, 'cache'),
    },
    adminKubeconfig: join(dataDir, 'admin.kubeconfig'),
    nodes: Array.from({ length: options.nodes }, (_, i) => nodeLayout(options, i)),
  };
}

/** The machine's first address that others could use; without any, one that nobody has (RFC 5737). */
function outsideAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '192.0.2.1';
}

/** The node number `i`, counted from 0; also of one that a cluster no longer has. */
export function nodeLayout({ dataDir, portOffset, runtime }: ClusterOptions, i: number): NodeLayout {
  const index = portOffset % 64;
  const name = `node-${i + 1}`;
  const directory = join(dataDir, 'nodes', name);
  const shared = { name, directory, containerdSocket: join(directory, 'containerd.sock') };
  return runtime === 'containerd'
    ? { ...shared, address: `172.30.${index}.${11 + i}`, kubeletPort: 10250, namespace: `kubephant${index}-${name}` }
    : { ...shared, address: '127.0.0.1', kubeletPort: 10250 + portOffset + i * 10 };
}

const optionsFile = 'cluster.json';

type WrittenOptions = Omit<ClusterOptions, 'databaseUrl'> & { readonly externalDatabase: boolean };

/**
 * Writes the options down, so that the next `up` and `down` find what this one made. The database URL may hold a
 * password: it is in a file of its own that only its owner reads.
 */
export async function writeLayout({ options, directories }: Layout): Promise<void> {
  const { databaseUrl, ...rest } = options;
  const written: WrittenOptions = { ...rest, externalDatabase: databaseUrl !== undefined };
  await mkdir(directories.config, { recursive: true, mode: 0o700 });
  if (databaseUrl !== undefined) await writeSecret(databaseUrlFile(options.dataDir), `${databaseUrl}\n`);
  await replaceFile(join(options.dataDir, optionsFile), JSON.stringify(written, undefined, 2));
}

/** The layout of the cluster that lives in this data directory, if one does. */
export async function readLayout(dataDir: string): Promise<Layout | undefined> {
  const text = await readIfThere(join(dataDir, optionsFile));
  if (text === undefined) return undefined;
  const { externalDatabase, ...options } = JSON.parse(text) as WrittenOptions;
  const databaseUrl = externalDatabase ? (await readIfThere(databaseUrlFile(dataDir)))?.trim() : undefined;
  return layoutOf({ ...options, dataDir, ...(databaseUrl !== undefined && { databaseUrl }) });
}

/** Where the API server reads its database's URL. */
export const databaseUrlFile = (dataDir: string): string => join(dataDir, 'config', 'database-url');
