import type { Clock } from '@kubephant/base';
import type { ImageService } from '../image';
import type { RuntimeService, StreamDialer } from '../runtime';
import { containerVerbs, streamVerbs } from './container-verbs';
import type { MemoryFiles } from './memory-files';
import { sandboxVerbs } from './sandbox-verbs';
import { newSimulatedImages } from './simulated-images';
import { statsVerbs } from './stats-verbs';
import { newSimulatedStreams } from './streams';
import { World, type SimulatedRuntimeConfig } from './world';

export type { SimulatedRuntimeConfig } from './world';

export interface SimulatedRuntime {
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly dialStream: StreamDialer;
  /** Ends a running container from outside, as `kill -9` (or, with `oom`, the kernel) would. */
  kill(containerId: string, how?: 'oom'): void;
}

/**
 * A container runtime without containers: each is a state machine with the behaviour its pod asks for (see
 * `behaviourOf`), an address of the pod network and a log in CRI's format in `files`. A pod costs a few kilobytes.
 */
export function newSimulatedRuntime(
  deps: { readonly clock: Clock; readonly files: MemoryFiles },
  config: SimulatedRuntimeConfig,
): SimulatedRuntime {
  const world = new World(deps, config);
  const streams = newSimulatedStreams(deps.clock);
  return {
    runtime: {
      ...sandboxVerbs(world),
      ...containerVerbs(world),
      ...streamVerbs(world, (session) => streams.open(session)),
      ...statsVerbs(world),
    },
    images: newSimulatedImages(deps.clock),
    dialStream: streams.dial,
    kill: (id, how) => {
      const container = world.container(id);
      if (how === 'oom') container.outOfMemory();
      else container.kill();
    },
  };
}
