import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres } from './binaries';
import { chooseIdentity, type Identity } from './identity';
import { asArguments, defaultSettings, newerSettings, type Settings } from './settings';

const run = promisify(execFile);

export interface PostgresConfig {
  /** For the data, the password and the socket. Created when it is not there; a short path, because of the socket. */
  readonly dataDir: string;
  /** Listens on 127.0.0.1 too, for clients with the password. Default: on a unix socket only. */
  readonly port?: number;
  /** Default: the data directory, which only the server's user and root can enter. */
  readonly socketDir?: string;
  /** Over the defaults. */
  readonly settings?: Settings;
}

/** What a supervisor needs to start the server, any number of times. It shuts down fast on SIGINT. */
export interface PreparedPostgres {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly stopSignal: 'SIGINT';
  /** Through the unix socket. */
  readonly connectionString: string;
  /** Through 127.0.0.1, password included; only with a port. A secret. */
  readonly tcpConnectionString?: string;
}

const superuser = 'kubephant';
const database = 'postgres';
/** Names the socket file only, unless the server listens on TCP too. */
const defaultPort = 5432;
const longestSocketPath = 107;
const programEnv = { LANG: 'C.UTF-8', PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC' };

/** Finds a PostgreSQL, initializes the data directory if that has not been done, and says how to run the server. */
export async function preparePostgres(config: PostgresConfig): Promise<PreparedPostgres> {
  const dataDir = resolve(config.dataDir);
  const socketDir = resolve(config.socketDir ?? dataDir);
  const { port = defaultPort } = config;
  checkSocketPath(join(socketDir, `.s.PGSQL.${port}`));
  const { binDir } = await findPostgres();
  await mkdir(dirname(dataDir), { recursive: true });
  const identity = await chooseIdentity([join(binDir, 'postgres'), dataDir, socketDir]);
  for (const dir of new Set([dataDir, socketDir])) await makePrivate(dir, identity);
  const password = await initialize(dataDir, binDir, identity);
  const settings = {
    ...defaultSettings,
    ...(await settingsOf(join(binDir, 'postgres'))),
    ...config.settings,
    listen_addresses: config.port === undefined ? '' : '127.0.0.1',
    port,
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
  };
  const [first, ...rest] = [
    ...identity.wrapper,
    join(binDir, 'postgres'),
    '-D',
    join(dataDir, 'data'),
    ...asArguments(settings),
  ];
  return {
    argv: [first as string, ...rest],
    env: programEnv,
    cwd: dataDir,
    ...as(identity),
    stopSignal: 'SIGINT',
    connectionString: `postgresql://${superuser}@localhost:${port}/${database}?host=${encodeURIComponent(socketDir)}`,
    ...(config.port !== undefined && {
      tcpConnectionString: `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`,
    }),
  };
}

function as({ uid, gid }: Identity): { uid?: number; gid?: number } {
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) <= longestSocketPath) return;
  throw new Error(
    `the path of the unix socket, ${path}, is longer than ${longestSocketPath} bytes: give a shorter socketDir`,
  );
}

async function makePrivate(dir: string, identity: Identity): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  await identity.own(dir);
}

/** The password of the superuser, which is made together with the data and kept beside them. */
async function initialize(dataDir: string, binDir: string, identity: Identity): Promise<string> {
  const passwordFile = join(dataDir, 'superuser-password');
  if (!(await exists(join(dataDir, 'data')))) await initdb(dataDir, binDir, identity);
  return (await readFile(passwordFile, 'utf8')).trim();
}

/** Into a directory that takes its name at the end: an interrupted initdb leaves nothing that looks like data. */
async function initdb(dataDir: string, binDir: string, identity: Identity): Promise<void> {
  const building = join(dataDir, 'data.new');
  await rm(building, { recursive: true, force: true });
  await makePrivate(building, identity);
  const passwordFile = join(dataDir, 'superuser-password');
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  await identity.own(passwordFile);
  const options = ['--username', superuser, '--encoding', 'UTF8', '--locale', 'C', '--pwfile', passwordFile];
  const auth = ['--auth-local', 'trust', '--auth-host', 'scram-sha-256'];
  const [program, ...args] = [...identity.wrapper, join(binDir, 'initdb'), '-D', building, ...options, ...auth];
  await run(program as string, args, { env: programEnv, cwd: dataDir, ...as(identity) });
  await rename(building, join(dataDir, 'data'));
}

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

async function settingsOf(postgres: string): Promise<Settings> {
  const { stdout } = await run(postgres, ['--version'], { env: programEnv });
  const major = Number(/\d+/.exec(stdout)?.[0] ?? 0);
  return Object.assign(
    {},
    ...newerSettings.filter(({ since }) => major >= since).map(({ settings }) => settings),
  ) as Settings;
}
