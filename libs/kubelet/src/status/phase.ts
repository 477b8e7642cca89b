import type { ContainerStatus, Pod } from '@kubephant/schema';
import { isSidecar } from '../pods/containers';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

type Progress = 'waiting' | 'running' | 'succeeded' | 'failed';

/** Where one container stands; one that waits to be restarted counts by how it ended before. */
function progressOf(status: ContainerStatus | undefined): Progress {
  const { running, terminated } = status?.state ?? {};
  if (running) return 'running';
  const ended = terminated ?? status?.lastState?.terminated;
  if (!ended) return 'waiting';
  return ended.exitCode === 0 ? 'succeeded' : 'failed';
}

/**
 * A pod's phase from its containers' statuses (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/).
 * `terminal`: nothing will run again, so a pod of stopped containers has come to its end whatever its restart policy.
 */
export function podPhase(
  { spec }: Pod,
  statuses: { readonly init: readonly ContainerStatus[]; readonly regular: readonly ContainerStatus[] },
  terminal: boolean,
): PodPhase {
  const policy = spec.restartPolicy ?? 'Always';
  const regular = statuses.regular.map(progressOf);
  const initialized = regular.some((progress) => progress !== 'waiting');
  const init = initPhase(spec, statuses.init, initialized);
  if (init === 'failed' && policy === 'Never') return 'Failed';
  if (init !== 'done' || regular.includes('waiting')) return terminal ? 'Failed' : 'Pending';
  if (regular.includes('running')) return 'Running';
  return stoppedPhase(policy, regular.includes('failed'), terminal);
}

function stoppedPhase(policy: string, failed: boolean, terminal: boolean): PodPhase {
  if (policy === 'Always' && !terminal) return 'Running';
  if (!failed) return 'Succeeded';
  return policy === 'Never' || terminal ? 'Failed' : 'Running';
}

function initPhase(
  spec: Pod['spec'],
  statuses: readonly ContainerStatus[],
  initialized: boolean,
): 'done' | 'pending' | 'failed' {
  const containers = spec.initContainers ?? [];
  const progress = new Map(statuses.map((status) => [status.name, status]));
  const own = containers.filter((container) => !isSidecar(container));
  const ended = own.map(({ name }) => progressOf(progress.get(name)));
  if (ended.includes('failed')) return 'failed';
  const pendingSidecar = containers.some((one) => isSidecar(one) && progress.get(one.name)?.started !== true);
  if (initialized) return 'done';
  return ended.some((one) => one !== 'succeeded') || pendingSidecar ? 'pending' : 'done';
}
