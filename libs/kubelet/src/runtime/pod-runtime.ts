import { is } from '@kubephant/api';
import type { ContainerStatus, PodSandboxStatus, RuntimeService } from '@kubephant/node';
import { annotations, labels } from '../pods/labels';

/** What the runtime has of one pod: sandboxes and containers, newest first. */
export interface PodRuntime {
  readonly sandboxes: readonly PodSandboxStatus[];
  readonly containers: readonly ContainerStatus[];
}

export const nothingRunning: PodRuntime = { sandboxes: [], containers: [] };

const newestFirst = <T extends { readonly createdAtMs: number; readonly metadata: { readonly attempt: number } }>(
  a: T,
  b: T,
): number => b.createdAtMs - a.createdAtMs || b.metadata.attempt - a.metadata.attempt;

/** Asks the runtime for everything with the pod's label; what vanishes while asking is left out. */
export async function readPodRuntime(runtime: RuntimeService, uid: string, signal: AbortSignal): Promise<PodRuntime> {
  const filter = { labels: { [labels.podUid]: uid } };
  const [sandboxes, containers] = await Promise.all([
    runtime.listPodSandboxes(filter, signal),
    runtime.listContainers(filter, signal),
  ]);
  const [sandboxStatuses, containerStatuses] = await Promise.all([
    Promise.all(sandboxes.map(({ id }) => present(runtime.podSandboxStatus(id, signal)))),
    Promise.all(containers.map(({ id }) => present(runtime.containerStatus(id, signal)))),
  ]);
  return {
    sandboxes: sandboxStatuses.filter((status) => status !== undefined).sort(newestFirst),
    containers: containerStatuses.filter((status) => status !== undefined).sort(newestFirst),
  };
}

async function present<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (err) {
    if (is('NotFound', err)) return undefined;
    throw err;
  }
}

export function latestOf({ containers }: PodRuntime, name: string): ContainerStatus | undefined {
  return containers.find(({ metadata }) => metadata.name === name);
}

export function allOf({ containers }: PodRuntime, name: string): readonly ContainerStatus[] {
  return containers.filter(({ metadata }) => metadata.name === name);
}

export function restartCountOf(status: ContainerStatus): number {
  return Number(status.annotations[annotations.restartCount] ?? status.metadata.attempt) || 0;
}

/** The sandbox the pod lives in: the newest, when it is ready. */
export function readySandbox({ sandboxes: [newest] }: PodRuntime): PodSandboxStatus | undefined {
  return newest?.state === 'READY' ? newest : undefined;
}
