import { newGroup, untilAborted, type Group, type Run } from '@kubephant/base';
import type { Pod } from '@kubephant/schema';
import { PodWorker, type PodWorkerDeps } from './pod-worker';

/** All pods of the node, each with its worker. */
export interface PodWorkers {
  /** The API has the pod, new or changed. */
  update(pod: Pod): void;
  /** The API has it no more. */
  removed(pod: Pod): void;
  /** Something happened to it in the runtime. Unknown pods are passed over. */
  poke(uid: string): void;
  get(uid: string): PodWorker | undefined;
  find(namespace: string, name: string): PodWorker | undefined;
  all(): Iterable<PodWorker>;
  readonly run: Run;
}

export function newPodWorkers(deps: PodWorkerDeps): PodWorkers {
  const workers = new Map<string, PodWorker>();
  let group: Group | undefined;

  const start = (worker: PodWorker): void =>
    group?.go(`pod ${worker.uid}`, async (signal) => {
      await worker.run(signal);
      if (!signal.aborted) workers.delete(worker.uid);
    });

  return {
    update(pod) {
      const known = workers.get(pod.metadata.uid);
      if (known) {
        known.update(pod);
        return;
      }
      const worker = new PodWorker(pod, deps);
      workers.set(worker.uid, worker);
      deps.metrics.containersPerPod.observe(pod.spec.containers.length);
      start(worker);
    },
    removed: (pod) => workers.get(pod.metadata.uid)?.remove(),
    poke: (uid) => workers.get(uid)?.poke(),
    get: (uid) => workers.get(uid),
    find(namespace, name) {
      const named = [...workers.values()].filter(
        ({ pod }) => pod.metadata.name === name && pod.metadata.namespace === namespace,
      );
      // A pod that is on its way out gives way to its successor of the same name.
      return named.find(({ state }) => state === 'syncing') ?? named.at(-1);
    },
    all: () => workers.values(),
    async run(signal) {
      group = newGroup(signal);
      group.go('pod workers', untilAborted);
      for (const worker of workers.values()) start(worker);
      await group.wait();
    },
  };
}
