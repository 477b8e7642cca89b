import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerdConfig } from '@kubephant/cri-containerd';
import { run } from './command';
import type { LocalImage } from './images';
import type { Layout, NodeLayout } from './layout';

/** Directories and the containerd configuration of a node with real containers. */
export async function prepareNode(layout: Layout, node: NodeLayout, sandboxImage: string): Promise<void> {
  const cniConfig = join(node.directory, 'cni', 'net.d');
  for (const directory of [cniConfig, join(node.directory, 'kubelet')]) await mkdir(directory, { recursive: true });
  const template = join(node.directory, 'cni', 'template.conflist');
  await writeFile(template, JSON.stringify(cniTemplate(), undefined, 2));
  const config = containerdConfig({
    root: join(node.directory, 'containerd'),
    state: join(node.directory, 'containerd-state'),
    socket: node.containerdSocket,
    cniConfDir: cniConfig,
    cniConfTemplate: template,
    cniBinDir: '/usr/lib/cni',
    sandboxImage,
    mayLowerOomScore: await hasCapability(24),
    // The driver that works with and without systemd; the nodes' cgroups are ours alone.
    cgroups: { driver: 'cgroupfs', hugetlb: await hasHugetlb() },
    registryConfigDir: join(layout.options.dataDir, 'registries'),
  });
  await writeFile(join(node.directory, 'containerd.toml'), config);
}

/** capabilities(7): 24 is CAP_SYS_RESOURCE, without which oom_score_adj cannot be lowered. */
async function hasCapability(bit: number): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8');
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> BigInt(bit)) & 1n) === 1n;
}

async function hasHugetlb(): Promise<boolean> {
  const v2 = await readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8').catch(() => '');
  const v1 = await access('/sys/fs/cgroup/hugetlb').then(
    () => true,
    () => false,
  );
  return v1 || v2.split(/\s+/).includes('hugetlb');
}

/** containerd fills in the pod range once the kubelet has learnt it from its Node (CRI UpdateRuntimeConfig). */
function cniTemplate(): object {
  return {
    cniVersion: '0.4.0',
    name: 'kubephant',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        hairpinMode: true,
        ipMasq: false,
        ipam: { type: 'host-local', ranges: [[{ subnet: '{{.PodCIDR}}' }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

/** Imports the images that the node's containerd has not got yet in this form. */
export async function importImages(node: NodeLayout, images: readonly LocalImage[]): Promise<void> {
  const stampPath = join(node.directory, 'images.json');
  const stamp = JSON.stringify(images.map(({ name, digest }) => ({ name, digest })));
  if ((await readFile(stampPath, 'utf8').catch(() => '')) === stamp) return;
  for (const { archive } of images) {
    await run(['ctr', '--address', node.containerdSocket, '--namespace', 'k8s.io', 'images', 'import', archive], {
      timeoutMs: 120_000,
    });
  }
  await writeFile(stampPath, stamp);
}
