import { newCriClient } from '@kubephant/cri-containerd';
import { succeeds } from './command';
import type { NodeLayout } from './layout';

/** Removes every pod of the nodes through their runtimes, so that mounts and networks are taken down in the orderly way. */
export async function removePods(nodes: readonly NodeLayout[], signal: AbortSignal): Promise<string> {
  const counts = await Promise.all(nodes.map((node) => removePodsOf(node, signal)));
  return `${counts.reduce((sum, count) => sum + count, 0)} pods`;
}

async function removePodsOf({ containerdSocket }: NodeLayout, signal: AbortSignal): Promise<number> {
  if (!(await succeeds(['test', '-S', containerdSocket]))) return 0;
  using containerd = newCriClient(`unix://${containerdSocket}`);
  const sandboxes = await containerd.runtime.listPodSandboxes({}, signal);
  for (const { id } of sandboxes) {
    await containerd.runtime.stopPodSandbox(id, signal);
    await containerd.runtime.removePodSandbox(id, signal);
  }
  return sandboxes.length;
}
