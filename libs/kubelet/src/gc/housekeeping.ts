import type { Run } from '@kubephant/base';
import type { ContainerStatus } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import type { PodWorkers } from '../podworkers/pod-workers';
import { labels } from '../pods/labels';
import { killPod, recordedGraceMs } from '../runtime/kill';
import type { PodDeps } from '../runtime/pod-deps';
import { readPodRuntime, type PodRuntime } from '../runtime/pod-runtime';
import { removePodDirectory } from '../volumes/volumes';
import { takeCensus } from './census';
import { rotateLogs } from './log-rotation';

/** Removes what nobody has a claim on any more, in the runtime and on the host. */
export interface Housekeeping {
  /** Tells what pods the runtime has something of. */
  seen(uids: ReadonlySet<string>): void;
  readonly run: Run;
}

const periodMs = 10_000;
/** Attempts of one container that are kept: the newest, and the one before it for its log and its end. */
const keptAttempts = 2;

export function newHousekeeping(deps: PodDeps, workers: PodWorkers): Housekeeping {
  let inRuntime: ReadonlySet<string> = new Set();
  return {
    seen: (uids) => {
      inRuntime = uids;
    },
    async run(signal) {
      while (!signal.aborted) {
        await deps.clock.sleep(periodMs, signal);
        const tasks: readonly (() => Promise<void>)[] = [
          () => takeCensus(deps, workers),
          () => removeOrphans(deps, workers, inRuntime, signal),
          () => removeDirectories(deps, workers, inRuntime),
          () => pruneContainers(deps, workers, signal),
          () => rotateLogs(deps, running(workers), signal),
        ];
        for (const task of tasks) await attempt(deps, task, signal);
      }
    },
  };
}

/** One chore that fails does not keep the others from being done; it comes round again. */
async function attempt({ log }: PodDeps, task: () => Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    await task();
  } catch (err) {
    log.v(1).info('Housekeeping not done', { err: String(err) });
  }
}

function running(workers: PodWorkers): ContainerStatus[] {
  return [...workers.all()].flatMap(({ runtime }) => runtime.containers.filter(({ state }) => state === 'RUNNING'));
}

/** Pods that run without the API knowing them: what is left of pods that were deleted while no kubelet was there. */
async function removeOrphans(
  deps: PodDeps,
  workers: PodWorkers,
  inRuntime: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const uid of inRuntime) {
    if (workers.get(uid)) continue;
    deps.metrics.orphanedRuntimePods.inc();
    const runtime = await readPodRuntime(deps.runtime, uid, signal);
    if (workers.get(uid)) continue;
    await killPod(deps, orphan(uid, runtime), runtime, { graceMs: recordedGraceMs(runtime), signal });
    for (const { id } of runtime.containers) await deps.runtime.removeContainer(id, signal);
    for (const { id } of runtime.sandboxes) await deps.runtime.removePodSandbox(id, signal);
  }
}

/** As much of a pod as its labels say. */
function orphan(uid: string, { sandboxes, containers }: PodRuntime): Pod {
  const found = sandboxes[0]?.labels ?? containers[0]?.labels ?? {};
  const name = found[labels.podName] ?? uid;
  const namespace = found[labels.podNamespace] ?? '';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid, resourceVersion: '' },
    spec: { containers: [] },
  };
}

async function removeDirectories(deps: PodDeps, workers: PodWorkers, inRuntime: ReadonlySet<string>): Promise<void> {
  const { host, paths } = deps;
  const known = (uid: string): boolean => workers.get(uid) !== undefined || inRuntime.has(uid);
  for (const uid of await host.files.list(paths.pods)) if (!known(uid)) await removePodDirectory(deps, uid);
  for (const folder of await host.files.list(paths.logs)) {
    const uid = folder.slice(folder.lastIndexOf('_') + 1);
    if (!known(uid)) await host.files.remove(`${paths.logs}/${folder}`);
  }
}

async function pruneContainers(deps: PodDeps, workers: PodWorkers, signal: AbortSignal): Promise<void> {
  for (const { runtime, state } of workers.all()) {
    if (state !== 'syncing') continue;
    const seen = new Map<string, number>();
    for (const { id, state: containerState, metadata, logPath } of runtime.containers) {
      const older = seen.get(metadata.name) ?? 0;
      seen.set(metadata.name, older + 1);
      if (older < keptAttempts || containerState !== 'EXITED') continue;
      await deps.runtime.removeContainer(id, signal);
      if (logPath !== '') await deps.host.files.remove(logPath);
    }
    for (const { id } of emptySandboxes(runtime)) await deps.runtime.removePodSandbox(id, signal);
  }
}

function emptySandboxes({ sandboxes, containers }: PodRuntime): PodRuntime['sandboxes'] {
  const used = new Set(containers.map(({ sandboxId }) => sandboxId));
  return sandboxes.slice(1).filter(({ id, state }) => state === 'NOTREADY' && !used.has(id));
}
