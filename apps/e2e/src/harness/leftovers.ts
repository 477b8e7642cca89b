import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupRootOf } from '@kubephant/node';
import { run, type Cluster } from './cluster';
import { eventually } from './eventually';

const lines = async (command: string, ...args: string[]): Promise<readonly string[]> =>
  (await run(command, args)).stdout.split('\n').filter((line) => line !== '');

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function processes({ dataDir }: Cluster): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const commands = await Promise.all(
    pids.map(
      async (pid) => `${pid} ${(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')}`,
    ),
  );
  return commands.filter((command) => command.includes(dataDir));
}

async function cgroups({ dataDir }: Cluster): Promise<readonly string[]> {
  const names = Array.from({ length: 9 }, (_, i) => cgroupRootOf(join(dataDir, 'nodes', `node-${i + 1}`, 'kubelet')));
  const mounts = ['/sys/fs/cgroup', ...(await readdir('/sys/fs/cgroup')).map((name) => join('/sys/fs/cgroup', name))];
  const found = await Promise.all(
    mounts.flatMap((mount) =>
      names.map(async (name) => ((await exists(join(mount, name))) ? [join(mount, name)] : [])),
    ),
  );
  return found.flat();
}

/** The namespaces of the pods of a cluster that runs: what must be gone when it does not. */
export async function podNamespaces({ portOffset }: Cluster): Promise<readonly string[]> {
  const nodes = (await lines('ip', 'netns', 'list'))
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(`kubephant${portOffset % 64}-node-`));
  const links = await Promise.all(
    nodes.map((node) => lines('ip', '-netns', node, '-o', 'link', 'show', 'type', 'veth')),
  );
  return links.flat().flatMap((line) => / link-netns (cni-\S+)/.exec(line)?.[1] ?? []);
}

/** Everything of a cluster that is still there besides its data. */
async function leftoversOf(cluster: Cluster, pods: readonly string[]): Promise<readonly string[]> {
  const index = cluster.portOffset % 64;
  const [mounts, namespaces, links, tables] = await Promise.all([
    readFile('/proc/self/mountinfo', 'utf8'),
    lines('ip', 'netns', 'list'),
    lines('ip', '-o', 'link', 'show'),
    lines('nft', 'list', 'tables'),
  ]);
  return [
    ...(await processes(cluster)),
    ...(await cgroups(cluster)),
    ...mounts.split('\n').filter((line) => line.includes(`${cluster.dataDir}/`)),
    ...namespaces.filter((line) => line.startsWith(`kubephant${index}-`) || pods.includes(line.split(' ')[0] ?? '')),
    ...links.filter((line) => new RegExp(`: (kubephant${index}|kph${index}n\\d+)[:@]`).test(line)),
    ...tables.filter((line) => line.endsWith(` kubephant${index}`)),
  ];
}

/** Fails unless everything goes away, at once or as soon as the kernel has tidied up. */
export async function expectNothingLeft(cluster: Cluster, pods: readonly string[] = []): Promise<void> {
  await eventually(async () => expect(await leftoversOf(cluster, pods)).toEqual([]), 10_000);
}
