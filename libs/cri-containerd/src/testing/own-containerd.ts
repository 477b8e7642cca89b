import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxArchive, pauseArchive } from '@kubephant/node';
import { suiteCgroup } from '@kubephant/node/testing';
import { newCriClient, type CriClient } from '../cri-client';
import { containerdConfig } from '../server/containerd-config';

export interface OwnContainerd {
  readonly dir: string;
  readonly socket: string;
  readonly cri: CriClient;
  /** An image that is there: busybox. */
  readonly image: string;
  import(archive: Buffer): void;
  /** Stops it and leaves nothing: no process, mount, bridge or file. */
  stop(): Promise<void>;
}

const pauseImage = 'localhost/kubephant/pause:1';
const busyboxImage = 'localhost/kubephant/busybox:1';

/** Starts a containerd with root, state, socket, network and images of its own in a temporary directory. Needs root. */
export async function startOwnContainerd(): Promise<OwnContainerd> {
  if (process.getuid?.() !== 0) throw new Error('real containers need root');
  const dir = mkdtempSync(join(tmpdir(), 'cri-'));
  const bridge = `cri${process.pid % 100_000}`;
  const socket = join(dir, 'c.sock');
  writeConfig(dir, socket, bridge);
  const log = openSync(join(dir, 'containerd.log'), 'w');
  const server = spawn('containerd', ['--config', join(dir, 'config.toml')], { stdio: ['ignore', log, log] });
  const cri = newCriClient(`unix://${socket}`);
  const load = (archive: Buffer): void => {
    writeFileSync(join(dir, 'image.tar'), archive);
    execFileSync('ctr', ['-a', socket, '-n', 'k8s.io', 'images', 'import', join(dir, 'image.tar')]);
  };
  const busybox = readFileSync('/bin/busybox');
  await ready(cri, server, join(dir, 'containerd.log'));
  load(pauseArchive(busybox, pauseImage));
  load(busyboxArchive(busybox, { name: busyboxImage }));
  return { dir, socket, cri, image: busyboxImage, import: load, stop: () => stop({ dir, bridge, server, cri }) };
}

function writeConfig(dir: string, socket: string, bridge: string): void {
  const cniConfDir = join(dir, 'cni');
  mkdirSync(cniConfDir);
  const octet = process.pid % 250;
  const network = {
    cniVersion: '0.4.0',
    name: bridge,
    plugins: [
      {
        type: 'bridge',
        bridge,
        isGateway: true,
        ipam: {
          type: 'host-local',
          dataDir: join(dir, 'ipam'),
          ranges: [[{ subnet: `10.199.${octet}.0/24` }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'loopback' },
    ],
  };
  writeFileSync(join(cniConfDir, '10-test.conflist'), JSON.stringify(network));
  const config = containerdConfig({
    root: join(dir, 'root'),
    state: join(dir, 'state'),
    socket,
    cniConfDir,
    cniBinDir: '/usr/lib/cni',
    sandboxImage: pauseImage,
    cgroups: { driver: 'cgroupfs', hugetlb: existsSync('/sys/fs/cgroup/hugetlb') },
  });
  writeFileSync(join(dir, 'config.toml'), config);
}

async function ready(cri: CriClient, server: ChildProcess, log: string): Promise<void> {
  const { signal } = new AbortController();
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`containerd ended: ${readFileSync(log, 'utf8')}`);
    try {
      if ((await cri.runtime.status(signal)).every(({ status }) => status)) return;
    } catch {
      // Not listening yet: that is what is waited for.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`containerd is not ready: ${readFileSync(log, 'utf8')}`);
}

interface Running {
  readonly dir: string;
  readonly bridge: string;
  readonly server: ChildProcess;
  readonly cri: CriClient;
}

async function stop({ dir, bridge, server, cri }: Running): Promise<void> {
  const { signal } = new AbortController();
  for (const { id } of await cri.runtime.listPodSandboxes({}, signal)) {
    await cri.runtime.stopPodSandbox(id, signal);
    await cri.runtime.removePodSandbox(id, signal);
  }
  cri[Symbol.dispose]();
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const ours = mounts.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(`${dir}/`));
  for (const path of ours.reverse()) execFileSync('umount', [path]);
  if (existsSync(`/sys/class/net/${bridge}`)) execFileSync('ip', ['link', 'delete', bridge]);
  removeCgroups();
  rmSync(dir, { recursive: true, force: true });
}

/** In each v1 hierarchy, or in the one of v2: deepest first, as a control group with children cannot go. */
function removeCgroups(): void {
  const hierarchies = ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}`)];
  const tops = hierarchies.map((path) => join(path, suiteCgroup)).filter((path) => existsSync(path));
  for (const top of tops) execFileSync('find', [top, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
}
