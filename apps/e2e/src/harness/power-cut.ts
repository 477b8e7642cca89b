import { readFile, readdir } from 'node:fs/promises';
import { run, type Cluster } from './cluster';
import { podNamespaces } from './leftovers';

/** What a restart of the machine does to a cluster: every process, mount and network is gone at once. */
export async function powerCut(cluster: Cluster): Promise<void> {
  const index = cluster.portOffset % 64;
  const namespaces = [...(await podNamespaces(cluster)), ...[1, 2, 3].map((n) => `kubephant${index}-node-${n}`)];
  for (let round = 0; round < 3; round++) {
    for (const pid of await processesOf(cluster)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended with another one.
      }
    }
  }
  for (const namespace of namespaces) await run('ip', ['netns', 'delete', namespace]);
  await run('ip', ['link', 'delete', `kubephant${index}`]);
  await run('nft', ['delete', 'table', 'ip', `kubephant${index}`]);
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map((line) => line.split(' ')[4] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${cluster.dataDir}/`)).toReversed())
    await run('umount', ['--lazy', mount]);
}

/** Those that name its data directory, and those in its nodes' network namespaces and in those of their pods. */
async function processesOf(cluster: Cluster): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const index = cluster.portOffset % 64;
  const named = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return command.includes(cluster.dataDir) ? [Number(pid)] : [];
    }),
  );
  const namespaces = [...(await podNamespaces(cluster)), ...[1, 2, 3].map((n) => `kubephant${index}-node-${n}`)];
  const inside = await Promise.all(
    namespaces.map(async (name) => (await run('ip', ['netns', 'pids', name])).stdout.split('\n').map(Number)),
  );
  return [...new Set([...named, ...inside].flat())].filter((pid) => pid > 1 && pid !== process.pid);
}
