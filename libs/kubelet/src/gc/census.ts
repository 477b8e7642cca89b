import type { PodState } from '../podworkers/pod-state';
import type { PodWorkers } from '../podworkers/pod-workers';
import type { PodDeps } from '../runtime/pod-deps';
import { readySandbox } from '../runtime/pod-runtime';
import { pluginOf } from '../volumes/volumes';

/** Counts pods and their volumes for metrics. Upstream's label `static` is empty for pods of the API. */
export async function takeCensus(deps: PodDeps, workers: PodWorkers): Promise<void> {
  countPods(deps, workers);
  await countVolumes(deps, workers);
}

const lifecycles: Readonly<Record<PodState, string>> = {
  syncing: 'sync',
  terminating: 'terminating',
  terminated: 'terminated',
  finished: 'terminated',
};

function countPods({ metrics }: PodDeps, workers: PodWorkers): void {
  const all = [...workers.all()];
  metrics.desiredPods.set({ static: '' }, all.length);
  metrics.activePods.set({ static: '' }, all.filter(({ active }) => active).length);
  for (const lifecycle of new Set(Object.values(lifecycles))) {
    const count = all.filter(({ state }) => lifecycles[state] === lifecycle).length;
    metrics.workingPods.set({ config: 'desired', lifecycle, static: '' }, count);
  }
}

/** What pods ask for is in their specs; what there is, on the disk, and a hostPath is wherever its pod is. */
async function countVolumes({ metrics, host, paths }: PodDeps, workers: PodWorkers): Promise<void> {
  const desired: string[] = [];
  const actual: string[] = [];
  for (const { pod, state, runtime } of workers.all()) {
    const plugins = (pod.spec.volumes ?? []).map(pluginOf);
    if (state === 'syncing') desired.push(...plugins);
    if (readySandbox(runtime)) actual.push(...plugins.filter((plugin) => plugin === 'kubernetes.io/host-path'));
    const volumes = paths.volumes(pod.metadata.uid);
    for (const folder of await host.files.list(volumes)) {
      const names = await host.files.list(`${volumes}/${folder}`);
      actual.push(...names.map(() => folder.replace('~', '/')));
    }
  }
  metrics.volumes.reset();
  for (const plugin of desired) metrics.volumes.inc({ plugin_name: plugin, state: 'desired_state_of_world' });
  for (const plugin of actual) metrics.volumes.inc({ plugin_name: plugin, state: 'actual_state_of_world' });
}
