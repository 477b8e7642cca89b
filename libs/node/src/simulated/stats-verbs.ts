import type { ContainerStats, RuntimeService, SandboxStats } from '../runtime';
import type { SimulatedContainer } from './simulated-container';
import { matches, type Sandbox, type World } from './world';

/** Every simulated container uses the same: a thousandth of a core since its start, and ten mebibytes. */
const nanoCores = 1e6;
const memoryBytes = 10 * 2 ** 20;

type StatsVerb = 'containerStats' | 'listContainerStats' | 'listSandboxStats';

export function statsVerbs(world: World): Pick<RuntimeService, StatsVerb> {
  return {
    containerStats: async (id) => containerStats(world, world.container(id)),
    listContainerStats: async ({ id, sandboxId, labels }) =>
      [...world.containers(sandboxId)]
        .filter((container) => container.state === 'RUNNING' && (id === undefined || container.id === id))
        .filter((container) => matches(container.config.labels, labels))
        .map((container) => containerStats(world, container)),
    listSandboxStats: async ({ id, labels }) =>
      [...world.sandboxes.values()]
        .filter((sandbox) => sandbox.state === 'READY' && (id === undefined || sandbox.id === id))
        .filter((sandbox) => matches(sandbox.config.labels, labels))
        .map((sandbox) => sandboxStats(world, sandbox)),
  };
}

function containerStats(world: World, container: SimulatedContainer): ContainerStats {
  const { id, config, startedAtMs, state } = container;
  const running = state === 'RUNNING';
  const ageMs = running ? world.clock.now() - startedAtMs : 0;
  return {
    id,
    metadata: config.metadata,
    labels: config.labels,
    ...usage(world.clock.now(), ageMs, running ? 1 : 0),
    writableLayer: { usedBytes: 0, inodesUsed: 0 },
  };
}

function sandboxStats(world: World, sandbox: Sandbox): SandboxStats {
  const { id, config, createdAtMs } = sandbox;
  const running = [...world.containers(id)].filter((container) => container.state === 'RUNNING').length;
  const timestampMs = world.clock.now();
  const idle = { rxBytes: 0, rxErrors: 0, txBytes: 0, txErrors: 0 };
  return {
    id,
    metadata: config.metadata,
    labels: config.labels,
    ...usage(timestampMs, timestampMs - createdAtMs, running),
    network: { timestampMs, interfaces: [{ name: 'eth0', ...idle }] },
    processCount: running + 1,
  };
}

function usage(
  timestampMs: number,
  ageMs: number,
  containers: number,
): Required<Pick<ContainerStats, 'cpu' | 'memory'>> {
  const bytes = memoryBytes * containers;
  return {
    cpu: {
      timestampMs,
      usageCoreNanoSeconds: (ageMs / 1000) * nanoCores * containers,
      usageNanoCores: nanoCores * containers,
    },
    memory: {
      timestampMs,
      workingSetBytes: bytes,
      usageBytes: bytes,
      rssBytes: bytes,
      pageFaults: 0,
      majorPageFaults: 0,
    },
  };
}
