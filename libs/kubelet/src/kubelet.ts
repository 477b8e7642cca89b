import { newGroup, newMetrics, type Metrics, type Run } from '@kubephant/base';
import { pods, services } from '@kubephant/client';
import { newEventRecorder } from '@kubephant/controller';
import { newInformers, type Informers } from '@kubephant/informer';
import type { MachineInfo } from '@kubephant/node';
import type { Node, Pod } from '@kubephant/schema';
import type { KubeletConfig, KubeletDeps } from './config/kubelet-config';
import { newObjectWatches } from './config/object-watches';
import { newHousekeeping } from './gc/housekeeping';
import { newKubeletMetrics } from './metrics/kubelet-metrics';
import { admitPod } from './node/admit';
import { newNodeAgent, type NodeAgent } from './node/node-agent';
import type { NodeFacts } from './node/node-status';
import { newRuntimeSurvey, type RuntimeSurvey } from './node/runtime-survey';
import { newPleg, type Pleg } from './pleg/pleg';
import { parseResolvConf } from './pods/dns';
import { podPaths } from './pods/paths';
import { serviceEnvironment } from './pods/service-env';
import { newPodWorkers, type PodWorkers } from './podworkers/pod-workers';
import type { PodWorkerDeps } from './podworkers/pod-worker';
import { newProber } from './probes/prober';
import { newRetryBackoff } from './runtime/backoff';
import { newContainerStarter } from './runtime/container-start';
import { newImagePuller } from './runtime/image-puller';
import { measured } from './runtime/measured-runtime';
import { measuredCgroups } from './runtime/measured-cgroups';
import type { PodDeps } from './runtime/pod-deps';
import { newStatusWriter } from './status/status-writer';
import { newPodTokens } from './volumes/tokens';

/** A node's agent: makes the pods bound to the node run, and says how they are. */
export interface Kubelet {
  readonly run: Run;
  readonly parts: KubeletParts;
}

/** What the kubelet's own API shows. */
export interface KubeletParts {
  readonly deps: PodDeps;
  readonly workers: PodWorkers;
  readonly pleg: Pleg;
  readonly node: () => Node | undefined;
  /** What is served as /metrics/probes. */
  readonly probePage: Metrics;
}

export async function newKubelet(base: KubeletDeps, config: KubeletConfig): Promise<Kubelet> {
  const machine = await base.host.machine();
  const fallback = config.nodeIPs.length > 0 ? undefined : await base.host.defaultAddress();
  const hostIPs = fallback === undefined ? config.nodeIPs : [fallback];
  const informers = newInformers(base.client, base);
  let node: Node | undefined;
  const settings = await podSettings(base, config, { machine, hostIPs, informers, node: () => node });
  const probePage = newMetrics();
  const deps = podDeps(base, config, { settings, probePage });
  deps.metrics.cgroupVersion.set((await base.host.cgroups.facts()).version);
  const runtimeVersion = await base.runtime.version(AbortSignal.timeout(60_000));
  const survey = newRuntimeSurvey(deps, runtimeVersion);
  const assembled = assemble(deps, runtimeVersion.runtimeName, () => node);
  const agent = newNodeAgent(
    {
      ...base,
      facts: (signal) => gatherFacts(deps, { config, hostIPs, pleg: assembled.pleg, survey }, signal),
      observed: async (seen, signal) => {
        const { podCIDR = '' } = seen.spec;
        if (podCIDR !== '' && podCIDR !== node?.spec.podCIDR) await deps.runtime.updateRuntimeConfig(podCIDR, signal);
        node = seen;
      },
    },
    { ...config, labels: config.nodeLabels, taints: config.registerWithTaints },
  );
  deps.metrics.nodeName.set({ node: config.nodeName }, 1);
  return {
    parts: { deps, workers: assembled.workers, pleg: assembled.pleg, node: () => node, probePage },
    run: (signal) => runAll({ ...assembled, agent, informers, deps, config }, signal),
  };
}

interface Surroundings {
  readonly machine: MachineInfo;
  readonly hostIPs: readonly string[];
  readonly informers: Informers;
  readonly node: () => Node | undefined;
}

async function podSettings(
  { host }: KubeletDeps,
  config: KubeletConfig,
  { machine, hostIPs, informers, node }: Surroundings,
): Promise<PodDeps['settings']> {
  const { nodeName, cgroupRoot, clusterDns, clusterDomain, resolvConf } = config;
  const resolver = (await host.files.stat(resolvConf))
    ? (await host.files.readFile(resolvConf, 64 * 1024)).toString()
    : '';
  const servicesHere = informers.of(services).lister;
  return {
    nodeName,
    cgroupRoot,
    dns: { clusterDns, clusterDomain, host: parseResolvConf(resolver) },
    nodeMemoryBytes: machine.memoryBytes,
    hostIPs: () => hostIPs,
    allocatable: () => node()?.status?.allocatable ?? {},
    serviceEnv: (namespace, links) => {
      const shared = namespace === 'default' ? [] : servicesHere.list('default');
      return serviceEnvironment([...servicesHere.list(namespace), ...shared], namespace, links);
    },
  };
}

function podDeps(
  base: KubeletDeps,
  config: KubeletConfig,
  { settings, probePage }: { readonly settings: PodDeps['settings']; readonly probePage: Metrics },
): PodDeps {
  const { client, clock, log, host } = base;
  const metrics = newKubeletMetrics(base.metrics, probePage);
  return {
    ...base,
    runtime: measured(base.runtime, metrics),
    host: { ...host, cgroups: measuredCgroups(host.cgroups, metrics) },
    metrics,
    settings,
    recorder: newEventRecorder({ client, clock, log, component: 'kubelet', host: config.nodeName }),
    objects: newObjectWatches({ client, clock, log }),
    tokens: newPodTokens(client, clock),
    paths: podPaths(config.rootDirectory, config.podLogsDirectory),
  };
}

interface Assembled {
  readonly workers: PodWorkers;
  readonly pleg: Pleg;
  readonly statuses: PodWorkerDeps['statuses'];
  readonly prober: PodWorkerDeps['prober'];
  readonly housekeeping: ReturnType<typeof newHousekeeping>;
}

function assemble(deps: PodDeps, runtimeName: string, node: () => Node | undefined): Assembled {
  const statuses = newStatusWriter(deps);
  const prober = newProber({ ...deps, changed: (uid) => workers.poke(uid) });
  const starter = newContainerStarter(deps, { puller: newImagePuller(deps), backoff: newRetryBackoff() });
  const admit = (pod: Pod): ReturnType<typeof admitPod> => {
    const others = [...workers.all()].filter(({ active, uid }) => active && uid !== pod.metadata.uid);
    return admitPod(
      pod,
      node(),
      others.map((worker) => worker.pod),
    );
  };
  const workers = newPodWorkers({ ...deps, starter, statuses, prober, runtimeName, admit });
  const housekeeping = newHousekeeping(deps, workers);
  const pleg = newPleg({ ...deps, changed: (uid) => workers.poke(uid), seen: (uids) => housekeeping.seen(uids) });
  return { workers, pleg, statuses, prober, housekeeping };
}

interface Running extends Assembled {
  readonly agent: NodeAgent;
  readonly informers: Informers;
  readonly deps: PodDeps;
  readonly config: KubeletConfig;
}

/** Pods are taken on once the node is registered and the Services, which they learn of when they start, are known. */
async function runAll(running: Running, signal: AbortSignal): Promise<void> {
  const { workers, pleg, statuses, prober, housekeeping, agent, informers, deps, config } = running;
  const group = newGroup(signal);
  const loops: Readonly<Record<string, { readonly run: Run }>> = {
    statuses,
    prober,
    workers,
    agent,
    informers,
    events: deps.recorder,
    objects: deps.objects,
  };
  for (const [name, loop] of Object.entries(loops)) group.go(name, (inner) => loop.run(inner));
  group.go('pods', async (inner) => {
    await Promise.all([agent.registered(), informers.of(services).synced(inner)]);
    const own = informers.of(pods, { fieldSelector: `spec.nodeName=${config.nodeName}` });
    own.addEventHandler({
      onAdd: (pod) => workers.update(pod),
      onUpdate: (old, pod) => {
        if (old.metadata.uid !== pod.metadata.uid) workers.removed(old);
        workers.update(pod);
      },
      onDelete: (pod) => workers.removed(pod),
    });
    await own.synced(inner);
    group.go('pleg', (loop) => pleg.run(loop));
    group.go('housekeeping', (loop) => housekeeping.run(loop));
  });
  await group.wait();
}

interface Surveyed {
  readonly config: KubeletConfig;
  readonly hostIPs: readonly string[];
  readonly pleg: Pleg;
  readonly survey: RuntimeSurvey;
}

async function gatherFacts(
  deps: PodDeps,
  { config, hostIPs, pleg, survey }: Surveyed,
  signal: AbortSignal,
): Promise<NodeFacts> {
  const { host, clock } = deps;
  const [machine, filesystem, usage, runtime] = await Promise.all([
    host.machine(),
    host.filesystem('/'),
    host.usage(),
    survey(signal),
  ]);
  return {
    ...runtime,
    name: config.nodeName,
    hostname: config.nodeName,
    addresses: hostIPs,
    machine,
    filesystem,
    maxPods: config.maxPods,
    port: config.port,
    memoryAvailableBytes: usage.memoryAvailableBytes,
    pids: { used: usage.pids, max: usage.maxPids },
    problems: problemsOf(pleg),
    nowMs: clock.now(),
  };
}

function problemsOf(pleg: Pleg): string[] {
  try {
    pleg.healthy();
    return [];
  } catch (err) {
    return [`PLEG is not healthy: ${err instanceof Error ? err.message : String(err)}`];
  }
}
