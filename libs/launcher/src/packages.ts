import { access } from 'node:fs/promises';
import { run } from './command';
import type { Progress } from './progress';

/** A Debian package and a file that tells that it is there. */
interface DebianPackage {
  readonly name: string;
  readonly provides: readonly string[];
}

const forContainers: readonly DebianPackage[] = [
  { name: 'containerd', provides: ['/usr/bin/containerd', '/usr/local/bin/containerd'] },
  { name: 'runc', provides: ['/usr/sbin/runc', '/usr/bin/runc', '/usr/local/sbin/runc', '/usr/local/bin/runc'] },
  { name: 'containernetworking-plugins', provides: ['/usr/lib/cni/bridge', '/opt/cni/bin/bridge'] },
  { name: 'nftables', provides: ['/usr/sbin/nft', '/sbin/nft', '/usr/local/sbin/nft'] },
  { name: 'iproute2', provides: ['/sbin/ip', '/usr/sbin/ip', '/bin/ip', '/usr/bin/ip'] },
  { name: 'iptables', provides: ['/usr/sbin/iptables', '/sbin/iptables'] },
  { name: 'busybox-static', provides: ['/bin/busybox', '/usr/bin/busybox'] },
  { name: 'kubernetes-client', provides: ['/usr/bin/kubectl', '/usr/local/bin/kubectl'] },
  { name: 'procps', provides: ['/sbin/sysctl', '/usr/sbin/sysctl'] },
];

/** What the tests need beyond that: a pooler, to see it refused, and clients other than kubectl. */
const forTests: readonly DebianPackage[] = [
  { name: 'pgbouncer', provides: ['/usr/sbin/pgbouncer'] },
  { name: 'curl', provides: ['/usr/bin/curl'] },
  { name: 'python3-kubernetes', provides: ['/usr/lib/python3/dist-packages/kubernetes'] },
];

/** Installs what is missing of the packages that real containers need, and of those of the tests. */
export async function ensurePackages(progress: Progress, { tests = false } = {}): Promise<void> {
  const packages = tests ? [...forContainers, ...forTests] : forContainers;
  const missing: string[] = [];
  await progress.step('packages', async () => {
    for (const { name, provides } of packages) if (!(await anyExists(provides))) missing.push(name);
    return missing.length === 0 ? 'all there' : `missing: ${missing.join(', ')}`;
  });
  if (missing.length === 0) return;
  await progress.step('package lists', () => apt(300_000, 'update', '-qq'));
  await progress.step(`installed ${missing.join(', ')}`, () =>
    apt(900_000, 'install', '-y', '-qq', '--no-install-recommends', ...missing),
  );
}

async function apt(timeoutMs: number, ...args: readonly string[]): Promise<void> {
  await run(['apt-get', ...args], { timeoutMs, env: aptEnvironment });
}

const aptEnvironment = {
  DEBIAN_FRONTEND: 'noninteractive',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
};

async function anyExists(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
