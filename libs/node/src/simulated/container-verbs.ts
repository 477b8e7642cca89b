import { StatusError } from '@kubephant/api';
import type { Container, RuntimeService } from '../runtime';
import { playCommand, type ProgramContext } from './programs';
import { SimulatedContainer } from './simulated-container';
import type { Session } from './streams';
import { matches, newId, type World } from './world';

type ContainerVerb =
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'removeContainer'
  | 'containerStatus'
  | 'listContainers'
  | 'updateContainerResources'
  | 'reopenContainerLog'
  | 'execSync';

export function containerVerbs(world: World): Pick<RuntimeService, ContainerVerb> {
  const deps = { clock: world.clock, files: world.files, changed: world.tell.bind(world) };
  return {
    async createContainer(sandboxId, config, sandbox) {
      if (world.sandbox(sandboxId).state !== 'READY') {
        throw new StatusError('InternalError', `sandbox ${JSON.stringify(sandboxId)} is not ready`);
      }
      const container = new SimulatedContainer({ id: newId(), sandboxId }, config, sandbox, deps);
      world.addContainer(container);
      return container.id;
    },
    async startContainer(id) {
      const container = world.container(id);
      if (container.state !== 'CREATED') {
        throw new StatusError('InternalError', `container ${JSON.stringify(id)} is in ${container.state} state`);
      }
      await container.start();
    },
    async stopContainer(id, graceMs) {
      await world.findContainer(id)?.stop(graceMs);
    },
    removeContainer: async (id) => world.removeContainer(id),
    containerStatus: async (id) => world.container(id).status(),
    async listContainers({ id, state, sandboxId, labels }) {
      const wanted = (container: SimulatedContainer): boolean =>
        (state === undefined || container.state === state) && matches(container.config.labels, labels);
      const ofSandboxes = (): SimulatedContainer[] =>
        sandboxId === undefined
          ? world.candidates(labels).flatMap((sandbox) => [...world.containers(sandbox.id)])
          : [...world.containers(sandboxId)];
      const some = id === undefined ? ofSandboxes() : [world.findContainer(id)];
      return some
        .filter((container) => container !== undefined)
        .filter(wanted)
        .map((container): Container => container.status());
    },
    updateContainerResources: async (id) => void world.container(id),
    reopenContainerLog: async (id) => world.container(id).reopenLog(),
    async execSync(id, cmd, timeoutMs, signal) {
      const program = playCommand(cmd, contextOf(running(world, id)), true);
      if (!program) {
        throw new StatusError('InternalError', `exec: ${JSON.stringify(cmd[0])}: executable file not found in $PATH`);
      }
      const limitMs = timeoutMs > 0 ? timeoutMs : Infinity;
      if (program.runsForMs > 0) await world.clock.sleep(Math.min(program.runsForMs, limitMs), signal);
      if (program.runsForMs > limitMs) {
        throw new StatusError('Timeout', `command ${JSON.stringify(cmd.join(' '))} timed out after ${timeoutMs}ms`);
      }
      const { stdout, stderr, exitCode } = program;
      return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), exitCode };
    },
  };
}

type StreamVerb = 'exec' | 'attach' | 'portForward';

export function streamVerbs(world: World, open: (session: Session) => string): Pick<RuntimeService, StreamVerb> {
  return {
    exec: async (id, argv, streams) => open({ kind: 'exec', argv, streams, context: contextOf(running(world, id)) }),
    attach: async (id) => {
      const { logPath } = running(world, id);
      return open({ kind: 'attach', log: () => world.files.readFile(logPath) });
    },
    portForward: async (sandboxId, port) => {
      world.sandbox(sandboxId);
      return open({ kind: 'portForward', port });
    },
  };
}

function running(world: World, id: string): SimulatedContainer {
  const container = world.container(id);
  if (container.state !== 'RUNNING') {
    throw new StatusError('InternalError', `container ${JSON.stringify(id)} is in ${container.state} state`);
  }
  return container;
}

function contextOf({ config, sandbox }: SimulatedContainer): ProgramContext {
  return { hostname: sandbox.hostname, env: Object.fromEntries(config.envs.map(({ key, value }) => [key, value])) };
}
