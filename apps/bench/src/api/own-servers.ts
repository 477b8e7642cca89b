import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { readKubeconfig, type ServerConfig } from '@kubephant/http-client';
import { kubeconfig, newAuthority, newKeys, privatePem, publicPem, type Authority } from '@kubephant/pki';
import { nowMs } from '../measure/machine';
import { until } from '../measure/until';
import { startDatabase, type Database } from '../store/database';
import { Wire } from './wire';

/** API servers of this checkout on one PostgreSQL, with nothing else beside them. All gone afterwards. */
export interface OwnServers extends AsyncDisposable {
  readonly servers: readonly OwnServer[];
  readonly connectionString: string;
  readonly postgresPid: number;
  /** Starts one more on the same database, and has it used. It is gone afterwards. */
  withAnother<T>(use: (server: OwnServer) => T | Promise<T>): Promise<T>;
}

export interface OwnServer {
  readonly kubeconfig: string;
  readonly pid: number;
  /** How long it took from its start until it said that it is ready. */
  readonly readyMs: number;
}

/** Where `npm run build` puts the server, seen from this program's own file. */
const program = join(dirname(process.argv[1] ?? ''), '..', '..', 'apiserver', 'dist', 'main.cjs');
/** As the launcher starts it. */
const heap = ['--max-old-space-size=4096', '--max-semi-space-size=32'];

export async function startOwnServers(count: number, signal: AbortSignal): Promise<OwnServers> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await startDatabase(signal));
  const connectionString = await database.fresh();
  const cluster = await newCluster(database, connectionString);
  const servers: OwnServer[] = [];
  while (servers.length < count) servers.push(stack.use(await startServer(cluster)));
  const owned = stack.move();
  return {
    servers,
    connectionString,
    postgresPid: database.pid,
    async withAnother(use) {
      await using server = await startServer(cluster);
      return await use(server);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Cluster {
  readonly directory: string;
  readonly authority: Authority;
  readonly admin: Awaited<ReturnType<Authority['issue']>>;
}

/** Writes what API servers are started with into the database's directory. */
async function newCluster({ dataDir: directory }: Database, connectionString: string): Promise<Cluster> {
  const authority = await newAuthority('bench');
  const serving = await authority.issue({ commonName: 'kube-apiserver', usages: ['server'], ips: ['127.0.0.1'] });
  const request = { commonName: 'kubernetes-admin', organizations: ['system:masters'], usages: ['client' as const] };
  const keys = await newKeys();
  const files = {
    'ca.crt': authority.certificate,
    'apiserver.crt': serving.certificate,
    'apiserver.key': serving.key,
    'sa.key': await privatePem(keys.privateKey),
    'sa.pub': await publicPem(keys.publicKey),
    'database-url': `${connectionString}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text, { mode: 0o600 });
  return { directory, authority, admin: await authority.issue(request) };
}

/** Resolves when the server answers that it is ready. */
async function startServer({ directory, authority, admin }: Cluster): Promise<OwnServer & AsyncDisposable> {
  const port = await freePort();
  const path = join(directory, `${port}.kubeconfig`);
  const certificateAuthority = authority.certificate;
  const server = `https://127.0.0.1:${port}`;
  await writeFile(path, kubeconfig({ server, certificateAuthority, user: 'kubernetes-admin', credentials: admin }));
  const config = await readKubeconfig(path);
  const startMs = nowMs();
  const child = spawn(process.execPath, [...process.execArgv, ...heap, program, ...flags(directory, port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', UV_THREADPOOL_SIZE: '2' },
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  if (await until(() => isReady(config, child), 60_000)) {
    return { kubeconfig: path, pid: child.pid ?? 0, readyMs: nowMs() - startMs, [Symbol.asyncDispose]: stop };
  }
  await stop();
  throw new Error('the API server did not become ready');
}

function flags(directory: string, port: number): string[] {
  const values = {
    'bind-address': '127.0.0.1',
    'secure-port': port,
    // Never a loopback address: it goes into the Endpoints of the Service "kubernetes".
    'advertise-address': '192.0.2.1',
    'database-url-file': join(directory, 'database-url'),
    'client-ca-file': join(directory, 'ca.crt'),
    'tls-cert-file': join(directory, 'apiserver.crt'),
    'tls-private-key-file': join(directory, 'apiserver.key'),
    'service-account-key-file': join(directory, 'sa.pub'),
    'service-account-signing-key-file': join(directory, 'sa.key'),
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
  };
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

async function isReady(config: ServerConfig, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`the API server ended with ${child.exitCode}`);
  try {
    const wire = await Wire.open(config);
    const { status } = await wire.exchange('GET', '/readyz', undefined, true);
    wire.close();
    return status === 200;
  } catch {
    // It does not listen yet.
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
