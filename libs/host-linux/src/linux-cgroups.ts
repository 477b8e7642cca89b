import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { CgroupFacts, CgroupLimits, HostCgroups } from '@kubephant/node';
import { errorCode, ifExists, mapped } from './errors';
import { readUsage } from './cgroup-usage';

const capSysResource = 1n << 24n;

/** Control groups below `mount`: either one v2 hierarchy, or one directory per v1 controller (hybrid machines too). */
export function linuxCgroups(mount = '/sys/fs/cgroup', proc = '/proc'): HostCgroups {
  return {
    facts: () => mapped(facts(mount)),
    ensure: (path, limits) => mapped(ensure(mount, path, limits)),
    remove: (path) => mapped(remove(mount, path)),
    usage: async (path) => {
      const unified = (await unifiedControllers(mount)) !== undefined;
      const groups = (await hierarchies(mount)).map(({ controllers, directory }) => ({
        controllers,
        directory: join(directory, path),
      }));
      return await mapped(readUsage({ unified, groups, proc }));
    },
    async children(path) {
      const tops = await hierarchies(mount);
      const names = await Promise.all(tops.map(({ directory }) => directories(join(directory, path))));
      return [...new Set(names.flat())].sort();
    },
  };
}

interface Hierarchy {
  readonly controllers: readonly string[];
  readonly directory: string;
}

async function unifiedControllers(mount: string): Promise<readonly string[] | undefined> {
  return (await ifExists(fs.readFile(join(mount, 'cgroup.controllers'), 'utf8')))?.trim().split(/\s+/);
}

async function hierarchies(mount: string): Promise<readonly Hierarchy[]> {
  const unified = await unifiedControllers(mount);
  if (unified) return [{ controllers: unified, directory: mount }];
  // On hybrid machines a v2 hierarchy without controllers lies beside those of v1: groups are made there too.
  const names = await directories(mount);
  return names.map((name) => ({ controllers: name.split(','), directory: join(mount, name) }));
}

async function directories(path: string): Promise<readonly string[]> {
  const entries = await ifExists(fs.readdir(path, { withFileTypes: true }));
  return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function facts(mount: string): Promise<CgroupFacts> {
  const unified = await unifiedControllers(mount);
  const all = (await hierarchies(mount)).flatMap((hierarchy) => hierarchy.controllers);
  const controllers = all.filter((name) => !['unified', 'systemd'].includes(name));
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(await fs.readFile('/proc/self/status', 'utf8')) ?? [];
  const mayLowerOomScore = (BigInt(`0x${effective}`) & capSysResource) !== 0n;
  return { version: unified ? 2 : 1, controllers, mayLowerOomScore };
}

async function ensure(mount: string, path: string, limits: CgroupLimits): Promise<void> {
  const unified = (await unifiedControllers(mount)) !== undefined;
  const settings = unified ? v2Settings(limits) : v1Settings(limits);
  const wanted = Object.keys(settings).map((file) => file.split('.')[0]);
  for (const { controllers, directory } of await hierarchies(mount)) {
    if (!controllers.some((controller) => wanted.includes(controller))) continue;
    if (unified) await delegate(directory, path, controllers);
    await fs.mkdir(join(directory, path), { recursive: true });
    for (const [file, value] of Object.entries(settings)) {
      if (controllers.includes(file.split('.')[0] ?? '')) await set(join(directory, path, file), value);
    }
  }
}

/** On v2 a group has the controllers that its parent hands down. */
async function delegate(root: string, path: string, controllers: readonly string[]): Promise<void> {
  let directory = root;
  for (const name of path.split('/').filter(Boolean)) {
    for (const controller of controllers) await set(join(directory, 'cgroup.subtree_control'), `+${controller}`);
    directory = join(directory, name);
    await fs.mkdir(directory, { recursive: true });
  }
}

/** A kernel without a knob, or that does not let us turn it, means the limit is not enforced; pods run all the same. */
async function set(file: string, value: string): Promise<void> {
  try {
    await fs.writeFile(file, value, { flag: 'r+' });
  } catch (err) {
    if (!['ENOENT', 'EACCES', 'EINVAL', 'EBUSY', 'EOPNOTSUPP', 'EROFS'].includes(errorCode(err))) throw err;
  }
}

function v1Settings({ cpuShares, cpuQuota, cpuPeriod, memoryLimitInBytes }: CgroupLimits): Record<string, string> {
  return {
    ...(cpuShares !== undefined && { 'cpu.shares': String(cpuShares) }),
    ...(cpuPeriod !== undefined && { 'cpu.cfs_period_us': String(cpuPeriod) }),
    ...(cpuQuota !== undefined && { 'cpu.cfs_quota_us': String(cpuQuota) }),
    ...(memoryLimitInBytes !== undefined && { 'memory.limit_in_bytes': String(memoryLimitInBytes) }),
  };
}

function v2Settings({ cpuShares, cpuQuota, cpuPeriod, memoryLimitInBytes }: CgroupLimits): Record<string, string> {
  return {
    // KEP-2254: shares 2..262144 become weights 1..10000.
    ...(cpuShares !== undefined && { 'cpu.weight': String(1 + Math.floor(((cpuShares - 2) * 9999) / 262142)) }),
    ...(cpuQuota !== undefined && { 'cpu.max': `${cpuQuota < 0 ? 'max' : cpuQuota} ${cpuPeriod ?? 100_000}` }),
    ...(memoryLimitInBytes !== undefined && { 'memory.max': String(memoryLimitInBytes) }),
  };
}

async function remove(mount: string, path: string): Promise<void> {
  for (const { directory } of await hierarchies(mount)) await removeTree(join(directory, path));
}

async function removeTree(directory: string): Promise<void> {
  for (const name of await directories(directory)) await removeTree(join(directory, name));
  await ifExists(fs.rmdir(directory));
}
