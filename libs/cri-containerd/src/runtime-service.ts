import { is, StatusError } from '@kubephant/api';
import type { ContainerEvent, RuntimeService } from '@kubephant/node';
import type { Channel } from './channel';
import * as from from './from-wire';
import { withPort, withStreams } from './streaming/stream-dialer';
import * as to from './to-wire';
import type * as wire from './wire';

const minuteMs = 60_000;
const deadlines = { usual: 2 * minuteMs, sandbox: 4 * minuteMs, stream: 0 };

type Invoke = <T>(verb: string, request: object, signal: AbortSignal, deadlineMs?: number) => Promise<T>;

/** RuntimeService over a channel. Stop, exec and pull get their own time on top of the usual deadline. */
export function newRuntimeService(channel: Channel): RuntimeService {
  const invoke: Invoke = async <T>(verb: string, request: object, signal: AbortSignal, deadlineMs = deadlines.usual) =>
    (await channel.call({ service: 'RuntimeService', verb, request, deadlineMs }, signal)) as T;
  return {
    ...nodeVerbs(invoke),
    ...sandboxVerbs(invoke),
    ...containerVerbs(invoke),
    ...streamVerbs(invoke),
    ...statsVerbs(invoke),
    events: (signal) => events(channel, signal),
  };
}

function nodeVerbs(
  invoke: Invoke,
): Pick<RuntimeService, 'version' | 'status' | 'updateRuntimeConfig' | 'cgroupDriver'> {
  return {
    version: (signal) => invoke('Version', { version: 'v1' }, signal),
    async status(signal) {
      type Response = { status: { conditions: Awaited<ReturnType<RuntimeService['status']>> } | null };
      return (await invoke<Response>('Status', {}, signal)).status?.conditions ?? [];
    },
    async updateRuntimeConfig(podCidr, signal) {
      await invoke('UpdateRuntimeConfig', { runtimeConfig: { networkConfig: { podCidr } } }, signal);
    },
    async cgroupDriver(signal) {
      type Response = { linux: { cgroupDriver: 'systemd' | 'cgroupfs' } | null };
      try {
        return (await invoke<Response>('RuntimeConfig', {}, signal)).linux?.cgroupDriver;
      } catch (err) {
        if (is('NotImplemented', err)) return undefined;
        throw err;
      }
    },
  };
}

type SandboxVerb = 'runPodSandbox' | 'stopPodSandbox' | 'removePodSandbox' | 'podSandboxStatus' | 'listPodSandboxes';

function sandboxVerbs(invoke: Invoke): Pick<RuntimeService, SandboxVerb> {
  return {
    async runPodSandbox(config, runtimeHandler, signal) {
      const request = { config: to.sandboxConfig(config), runtimeHandler };
      return (await invoke<{ podSandboxId: string }>('RunPodSandbox', request, signal, deadlines.sandbox)).podSandboxId;
    },
    async stopPodSandbox(podSandboxId, signal) {
      await unlessGone(invoke('StopPodSandbox', { podSandboxId }, signal));
    },
    async removePodSandbox(podSandboxId, signal) {
      await unlessGone(invoke('RemovePodSandbox', { podSandboxId }, signal));
    },
    async podSandboxStatus(podSandboxId, signal) {
      type Response = { status: wire.WireSandboxStatus | null };
      const { status } = await invoke<Response>('PodSandboxStatus', { podSandboxId }, signal);
      return from.sandboxStatus(present(status, podSandboxId));
    },
    async listPodSandboxes(filter, signal) {
      const request = { filter: to.sandboxFilter(filter) };
      return (await invoke<{ items: wire.WireSandbox[] }>('ListPodSandbox', request, signal)).items.map(from.sandbox);
    },
  };
}

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

function containerVerbs(invoke: Invoke): Pick<RuntimeService, ContainerVerb> {
  const listContainers: RuntimeService['listContainers'] = async (filter, signal) => {
    const request = { filter: to.containerFilter(filter) };
    const { containers } = await invoke<{ containers: wire.WireContainer[] }>('ListContainers', request, signal);
    return containers.map(from.container);
  };
  return {
    listContainers,
    async createContainer(podSandboxId, config, sandbox, signal) {
      const request = { podSandboxId, config: to.containerConfig(config), sandboxConfig: to.sandboxConfig(sandbox) };
      return (await invoke<{ containerId: string }>('CreateContainer', request, signal)).containerId;
    },
    async startContainer(containerId, signal) {
      await invoke('StartContainer', { containerId }, signal);
    },
    async stopContainer(containerId, graceMs, signal) {
      const timeout = Math.ceil(graceMs / 1000);
      const deadlineMs = timeout * 1000 + deadlines.usual;
      await unlessGone(invoke('StopContainer', { containerId, timeout }, signal, deadlineMs));
    },
    async removeContainer(containerId, signal) {
      await unlessGone(invoke('RemoveContainer', { containerId }, signal));
    },
    async containerStatus(containerId, signal) {
      type Response = { status: wire.WireContainerStatus | null };
      const { status } = await invoke<Response>('ContainerStatus', { containerId }, signal);
      // The status itself does not say which sandbox it is in.
      const [listed] = await listContainers({ id: containerId }, signal);
      return from.containerStatus(present(status, containerId), listed?.sandboxId ?? '');
    },
    async updateContainerResources(containerId, linux, signal) {
      await invoke('UpdateContainerResources', { containerId, linux }, signal);
    },
    async reopenContainerLog(containerId, signal) {
      await invoke('ReopenContainerLog', { containerId }, signal);
    },
    execSync(containerId, cmd, timeoutMs, signal) {
      const timeout = Math.ceil(timeoutMs / 1000);
      const deadlineMs = timeoutMs > 0 ? timeoutMs + deadlines.usual : 0;
      return invoke('ExecSync', { containerId, cmd, timeout }, signal, deadlineMs);
    },
  };
}

function streamVerbs(invoke: Invoke): Pick<RuntimeService, 'exec' | 'attach' | 'portForward'> {
  const urlOf = async (verb: string, request: object, signal: AbortSignal): Promise<string> =>
    (await invoke<{ url: string }>(verb, request, signal)).url;
  return {
    exec: async (containerId, cmd, streams, signal) =>
      withStreams(await urlOf('Exec', { containerId, cmd, ...streams }, signal), streams),
    attach: async (containerId, streams, signal) =>
      withStreams(await urlOf('Attach', { containerId, ...streams }, signal), streams),
    portForward: async (podSandboxId, port, signal) =>
      withPort(await urlOf('PortForward', { podSandboxId, port: [port] }, signal), port),
  };
}

function statsVerbs(
  invoke: Invoke,
): Pick<RuntimeService, 'containerStats' | 'listContainerStats' | 'listSandboxStats'> {
  return {
    async containerStats(containerId, signal) {
      type Response = { stats: wire.WireContainerStats | null };
      const { stats } = await invoke<Response>('ContainerStats', { containerId }, signal);
      return from.containerStats(present(stats, containerId));
    },
    async listContainerStats(filter, signal) {
      const request = { filter: to.containerFilter(filter) };
      const { stats } = await invoke<{ stats: wire.WireContainerStats[] }>('ListContainerStats', request, signal);
      return stats.map(from.containerStats);
    },
    async listSandboxStats(filter, signal) {
      const request = { filter: to.sandboxFilter(filter) };
      const { stats } = await invoke<{ stats: wire.WireSandboxStats[] }>('ListPodSandboxStats', request, signal);
      return stats.map(from.sandboxStats);
    },
  };
}

async function* events(channel: Channel, signal: AbortSignal): AsyncIterable<ContainerEvent> {
  const call = {
    service: 'RuntimeService',
    verb: 'GetContainerEvents',
    request: {},
    deadlineMs: deadlines.stream,
  } as const;
  for await (const event of channel.stream(call, signal)) {
    const { containerId, containerEventType, podSandboxStatus } = event as wire.WireEvent;
    yield { containerId, podUid: podSandboxStatus?.metadata?.uid ?? '', type: containerEventType };
  }
}

async function unlessGone(stopped: Promise<unknown>): Promise<void> {
  try {
    await stopped;
  } catch (err) {
    if (!is('NotFound', err)) throw err;
  }
}

function present<T>(value: T | null, id: string): T {
  if (value === null) throw new StatusError('NotFound', `the runtime has no status for ${JSON.stringify(id)}`);
  return value;
}
