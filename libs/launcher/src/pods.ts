import { newCriClient } from '@kubephant/cri-containerd';
import { succeeds } from './command';
import type { Layout } from './layout';

/** Removes every pod of every node through its runtime, so that mounts and networks are taken down in the orderly way. */
export async function removePods(layout: Layout, signal: AbortSignal): Promise<string> {
  let count = 0;
  for (const node of layout.nodes) {
    if (!(await succeeds(['test', '-S', node.containerdSocket]))) continue;
    using containerd = newCriClient(`unix://${node.containerdSocket}`);
    const sandboxes = await containerd.runtime.listPodSandboxes({}, signal);
    for (const { id } of sandboxes) {
      await containerd.runtime.stopPodSandbox(id, signal);
      await containerd.runtime.removePodSandbox(id, signal);
    }
    count += sandboxes.length;
  }
  return `${count} pods`;
}
