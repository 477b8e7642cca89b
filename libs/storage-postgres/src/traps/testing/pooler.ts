import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { waitForPostgres } from '@kubephant/postgres-embedded';

const program = '/usr/sbin/pgbouncer';

export interface Pooler {
  /** The same database, through the pooler. */
  through(connectionString: string): string;
  stop(): Promise<void>;
}

/** A real pgbouncer that pools transactions, before a server on a unix socket. */
export async function startPooler(server: string): Promise<Pooler> {
  await access(program).catch(() => {
    throw new Error(`there is no ${program}: install it with apt-get install -y pgbouncer`);
  });
  const dir = await mkdtemp(join(tmpdir(), 'kpb-'));
  await chmod(dir, 0o777);
  const { username, searchParams, port } = new URL(server);
  const host = searchParams.get('host') ?? '';
  const ini = join(dir, 'pgbouncer.ini');
  const settings = {
    unix_socket_dir: dir,
    listen_port: 6432,
    auth_type: 'any',
    pool_mode: 'transaction',
    // It refuses to be root, as PostgreSQL does.
    ...(userInfo().uid === 0 && { user: 'nobody' }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const database = `* = host=${host} port=${port} user=${username}`;
  await writeFile(ini, ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'));
  const child = spawn(program, [ini], { stdio: ['ignore', 'ignore', 'pipe'] });
  const through = (connectionString: string): string => {
    const url = new URL(connectionString);
    url.port = '6432';
    url.searchParams.set('host', dir);
    return url.toString();
  };
  await ready(child, through(server));
  return {
    through,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess, connectionString: string): Promise<void> {
  let complaints = '';
  child.stderr?.on('data', (chunk) => (complaints += String(chunk)));
  const patience = AbortSignal.timeout(20_000);
  const died = once(child, 'exit', { signal: patience }).then(() => {
    throw new Error(`pgbouncer has ended: ${complaints}`);
  });
  died.catch(() => undefined);
  await Promise.race([waitForPostgres(connectionString, patience), died]);
}
