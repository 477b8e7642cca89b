import type { ContainerStatus } from '@kubephant/node';
import type { Container, EphemeralContainer, Pod } from '@kubephant/schema';
import { containerHash, isSidecar } from '../pods/containers';
import { annotations } from '../pods/labels';
import { latestOf, type PodRuntime } from './pod-runtime';

/** What the probes of running containers have found so far, by container id. */
export interface ProbeVerdicts {
  /** True: the container is to be killed. */
  livenessFailed(containerId: string): boolean;
  startupFailed(containerId: string): boolean;
  /** True for a container without a startup probe too. */
  started(containerId: string): boolean;
}

export interface ContainerKill {
  readonly container: ContainerStatus;
  readonly message: string;
  readonly because: 'liveness' | 'startup' | 'changed';
}

/** What to do next so that the runtime has what the pod's spec asks for. */
export interface PodActions {
  /** Stop all that runs, before anything else. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  /** Of the sandbox to create. */
  readonly attempt: number;
  readonly kill: readonly ContainerKill[];
  /** In the order in which they are to be started. */
  readonly start: readonly string[];
}

type Spec = Container | EphemeralContainer;
const nothing = { kill: [], start: [] } as const;

/** Decides from what is there alone; starting something that is in back-off is left to who starts it. */
export function podActions(pod: Pod, runtime: PodRuntime, probes: ProbeVerdicts): PodActions {
  const [newest] = runtime.sandboxes;
  const ready = runtime.sandboxes.filter(({ state }) => state === 'READY');
  const wantedNetwork = pod.spec.hostNetwork ? 'NODE' : 'POD';
  const fits =
    newest?.state === 'READY' &&
    ready.length === 1 &&
    (newest.namespaces?.network ?? wantedNetwork) === wantedNetwork &&
    (wantedNetwork === 'NODE' || newest.ips.length > 0);
  if (!fits) return withNewSandbox(pod, runtime);
  const inSandbox = { ...runtime, containers: runtime.containers.filter(({ sandboxId }) => sandboxId === newest.id) };
  return inReadySandbox(pod, { all: runtime, inSandbox }, probes);
}

function withNewSandbox(pod: Pod, runtime: PodRuntime): PodActions {
  const [newest] = runtime.sandboxes;
  const attempt = newest ? newest.metadata.attempt + 1 : 0;
  // What still runs without its sandbox is stopped with it, and so has to be started again too.
  const wanted = pod.spec.containers.filter((spec) => {
    const latest = latestOf(runtime, spec.name);
    return latest?.state === 'RUNNING' || mayStart(pod, spec, latest);
  });
  const over = wanted.length === 0 || (pod.spec.restartPolicy === 'Never' && runtime.containers.length > 0);
  const killPod = newest !== undefined;
  if (over) return { killPod, createSandbox: false, attempt, ...nothing };
  const [firstInit] = pod.spec.initContainers ?? [];
  const start = firstInit ? [firstInit.name] : wanted.map(({ name }) => name);
  return { killPod, createSandbox: true, attempt, kill: [], start };
}

/** Whether a container that does not run should, by the pod's restart policy. */
function mayStart({ spec }: Pod, container: Spec, latest: ContainerStatus | undefined): boolean {
  if (latest?.state !== 'EXITED') return latest?.state !== 'RUNNING';
  const policy = container.restartPolicy ?? spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && latest.exitCode !== 0);
}

interface Views {
  readonly all: PodRuntime;
  /** Only the containers of the sandbox the pod is in: what ended in an older one has to be done again. */
  readonly inSandbox: PodRuntime;
}

function inReadySandbox(pod: Pod, views: Views, probes: ProbeVerdicts): PodActions {
  const init = initActions(pod, views.inSandbox, probes);
  const base = { createSandbox: false, attempt: 0 };
  if (init.failed) return { ...base, killPod: true, ...nothing };
  const ephemeral = (pod.spec.ephemeralContainers ?? [])
    .filter(({ name }) => latestOf(views.all, name) === undefined)
    .map(({ name }) => name);
  if (!init.done) return { ...base, killPod: false, kill: init.kill, start: [...ephemeral, ...init.start] };
  const main = mainActions(pod, views, probes);
  if (main.over) return { ...base, killPod: true, ...nothing };
  return {
    ...base,
    killPod: false,
    kill: [...init.kill, ...main.kill],
    start: [...ephemeral, ...init.start, ...main.start],
  };
}

interface InitActions {
  readonly done: boolean;
  readonly failed: boolean;
  readonly kill: readonly ContainerKill[];
  readonly start: readonly string[];
}

/** Init containers one after the other; a sidecar counts as done once it has started, and is kept running. */
function initActions(pod: Pod, runtime: PodRuntime, probes: ProbeVerdicts): InitActions {
  const kill: ContainerKill[] = [];
  const start: string[] = [];
  const initialized = pod.spec.containers.some(({ name }) => latestOf(runtime, name) !== undefined);
  for (const spec of pod.spec.initContainers ?? []) {
    const latest = latestOf(runtime, spec.name);
    const sidecar = isSidecar(spec);
    if (!sidecar && initialized) continue;
    const why = sidecar && latest ? reasonToKill(spec, latest, probes) : undefined;
    const step = sidecar ? sidecarStep(latest, why, probes) : initStep(pod, latest);
    if (why) kill.push(why);
    if (step === 'start') start.push(spec.name);
    if (step !== 'next' && !initialized) return { done: false, failed: step === 'failed', kill, start };
  }
  return { done: true, failed: false, kill, start };
}

function sidecarStep(
  latest: ContainerStatus | undefined,
  why: ContainerKill | undefined,
  probes: ProbeVerdicts,
): InitStep {
  if (why || latest?.state !== 'RUNNING') return 'start';
  return probes.started(latest.id) ? 'next' : 'wait';
}

type InitStep = 'start' | 'wait' | 'next' | 'failed';

function initStep(pod: Pod, latest: ContainerStatus | undefined): InitStep {
  if (latest === undefined || latest.state === 'CREATED' || latest.state === 'UNKNOWN') return 'start';
  if (latest.state === 'RUNNING') return 'wait';
  if (latest.exitCode === 0) return 'next';
  return pod.spec.restartPolicy === 'Never' ? 'failed' : 'start';
}

interface MainActions {
  /** None runs and none will: the pod has come to its end. */
  readonly over: boolean;
  readonly kill: readonly ContainerKill[];
  readonly start: readonly string[];
}

function mainActions(pod: Pod, { all }: Views, probes: ProbeVerdicts): MainActions {
  const kill: ContainerKill[] = [];
  const start: string[] = [];
  let kept = 0;
  for (const spec of pod.spec.containers) {
    const latest = latestOf(all, spec.name);
    if (latest?.state !== 'RUNNING') {
      if (mayStart(pod, spec, latest)) start.push(spec.name);
      continue;
    }
    const why = reasonToKill(spec, latest, probes);
    if (!why) {
      kept++;
      continue;
    }
    kill.push(why);
    const policy = spec.restartPolicy ?? pod.spec.restartPolicy;
    // A container that was changed is replaced under any policy; one that failed a probe, when it may run again.
    if (why.because === 'changed' || policy !== 'Never') start.push(spec.name);
  }
  return { over: kept === 0 && start.length === 0 && kill.length === 0, kill, start };
}

function reasonToKill(spec: Spec, container: ContainerStatus, probes: ProbeVerdicts): ContainerKill | undefined {
  if (container.state !== 'RUNNING') return undefined;
  const { name } = spec;
  const hash = container.annotations[annotations.hash];
  if (hash !== undefined && hash !== containerHash(spec)) {
    return { container, because: 'changed', message: `Container ${name} definition changed, will be restarted` };
  }
  if (probes.livenessFailed(container.id)) {
    return { container, because: 'liveness', message: `Container ${name} failed liveness probe, will be restarted` };
  }
  if (probes.startupFailed(container.id)) {
    return { container, because: 'startup', message: `Container ${name} failed startup probe, will be restarted` };
  }
  return undefined;
}
