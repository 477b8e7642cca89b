/**
 * How far a pod has come on its node. `syncing`: made to be what its spec says. `terminating`: being stopped, for good.
 * `terminated`: nothing runs, its directories are being cleaned up. `finished`: nothing is left but its last words.
 */
export type PodState = 'syncing' | 'terminating' | 'terminated' | 'finished';

/**
 * `ended`: it came to its end by itself, or the kubelet ends it. `deleted`: someone asked for its deletion.
 * `removed`: the API does not have it any more. `stopped`: nothing of it runs. `cleaned`: its directories are gone.
 */
export type PodEvent = 'ended' | 'deleted' | 'removed' | 'stopped' | 'cleaned';

/** Once a pod is on its way out it never comes back, whatever is asked for. */
export const podTransitions: Readonly<Record<PodState, Readonly<Record<PodEvent, PodState>>>> = {
  syncing: {
    ended: 'terminating',
    deleted: 'terminating',
    removed: 'terminating',
    stopped: 'syncing',
    cleaned: 'syncing',
  },
  terminating: {
    ended: 'terminating',
    deleted: 'terminating',
    removed: 'terminating',
    stopped: 'terminated',
    cleaned: 'terminating',
  },
  terminated: {
    ended: 'terminated',
    deleted: 'terminated',
    removed: 'terminated',
    stopped: 'terminated',
    cleaned: 'finished',
  },
  finished: {
    ended: 'finished',
    deleted: 'finished',
    removed: 'finished',
    stopped: 'finished',
    cleaned: 'finished',
  },
};
