import { onAbort } from '@kubephant/base';
import type { ContainerEvent, RuntimeService } from '../runtime';
import { newMessageQueue } from './message-queue';
import { matches, newId, statusOf, type Sandbox, type World } from './world';

type SandboxVerb =
  | 'version'
  | 'status'
  | 'updateRuntimeConfig'
  | 'cgroupDriver'
  | 'events'
  | 'runPodSandbox'
  | 'stopPodSandbox'
  | 'removePodSandbox'
  | 'podSandboxStatus'
  | 'listPodSandboxes';

export function sandboxVerbs(world: World): Pick<RuntimeService, SandboxVerb> {
  const stop = (sandbox: Sandbox): void => {
    for (const container of world.containers(sandbox.id)) container.kill();
    if (sandbox.state === 'READY' && sandbox.address !== undefined) world.pool.giveBack(sandbox.address);
    sandbox.state = 'NOTREADY';
  };
  return {
    version: async () => ({ runtimeName: 'simulated', runtimeVersion: '0.1.0', runtimeApiVersion: 'v1' }),
    status: async () =>
      ['RuntimeReady', 'NetworkReady'].map((type) => ({ type, status: true, reason: '', message: '' })),
    updateRuntimeConfig: async (cidr) => world.setPodCidr(cidr),
    cgroupDriver: async () => 'cgroupfs',
    events: (signal) => listen(world, signal),
    async runPodSandbox(config, handler) {
      const inHost = config.linux.securityContext.namespaceOptions.network === 'NODE';
      const address = inHost ? undefined : world.pool.take();
      const sandbox = {
        id: newId(),
        config,
        handler,
        createdAtMs: world.clock.now(),
        address,
        state: 'READY' as const,
      };
      world.addSandbox(sandbox);
      return sandbox.id;
    },
    async stopPodSandbox(id) {
      const sandbox = world.sandboxes.get(id);
      if (sandbox) stop(sandbox);
    },
    async removePodSandbox(id) {
      const sandbox = world.sandboxes.get(id);
      if (!sandbox) return;
      stop(sandbox);
      for (const container of [...world.containers(id)]) world.removeContainer(container.id);
      world.removeSandbox(sandbox);
    },
    podSandboxStatus: async (id) => statusOf(world, world.sandbox(id)),
    async listPodSandboxes({ id, state, labels }) {
      const wanted = (sandbox: Sandbox): boolean =>
        (state === undefined || sandbox.state === state) && matches(sandbox.config.labels, labels);
      const some = id === undefined ? world.candidates(labels) : [world.sandboxes.get(id)];
      return some
        .filter((sandbox) => sandbox !== undefined)
        .filter(wanted)
        .map((sandbox) => statusOf(world, sandbox));
    },
  };
}

async function* listen(world: World, signal: AbortSignal): AsyncGenerator<ContainerEvent> {
  const queue = newMessageQueue<ContainerEvent>();
  world.listeners.add(queue);
  using _ = onAbort(signal, () => queue.end());
  try {
    yield* queue;
  } finally {
    world.listeners.delete(queue);
  }
}
