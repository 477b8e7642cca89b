import { StatusError } from '@kubephant/api';
import type { PodSandboxConfig } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import { containersOf, podTitle } from '../pods/containers';
import type { ReferencedObjects } from '../pods/environment';
import type { PodFacts } from '../pods/field-values';
import { podCgroup, podCgroupLimits } from '../pods/resources';
import { sandboxConfig } from '../pods/sandbox-config';
import { mountVolumes, type MountedVolumes } from '../volumes/volumes';
import { podActions, type PodActions, type ProbeVerdicts } from './actions';
import type { ContainerStarter, StartContext } from './container-start';
import { graceOf, killContainer, killPod } from './kill';
import type { PodDeps } from './pod-deps';
import { readPodRuntime, readySandbox, type PodRuntime } from './pod-runtime';
import { StartError } from './start-error';

/** What a sync leaves behind. */
export interface SyncOutcome {
  /** Why containers wait, by name; what is not here has started or was never tried. */
  readonly waiting: ReadonlyMap<string, StartError>;
  /** Something was done, so there is more to see. */
  readonly acted: boolean;
  /** When to look again although nothing happened; absent: no hurry. */
  readonly retryAfterMs?: number;
}

export interface SyncInput {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly probes: ProbeVerdicts;
  readonly objects: ReferencedObjects;
}

/** Brings the runtime one step nearer to what the pod asks for. Rejects when volumes or the sandbox cannot be had. */
export async function syncPod(
  deps: PodDeps,
  starter: ContainerStarter,
  input: SyncInput,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const { pod, runtime } = input;
  const actions = podActions(pod, runtime, input.probes);
  const facts = factsOf(deps, pod, runtime);
  await makeDirectories(deps, pod);
  const volumes = await mounted(deps, input, facts, signal);
  if (actions.killPod) await killPod(deps, pod, runtime, { graceMs: graceOf(pod), signal });
  for (const { container, because, message } of actions.kill) {
    const graceMs = probeGraceMs(pod, container.metadata.name, because) ?? graceOf(pod);
    await killContainer(deps, pod, container, { options: { graceMs, message }, signal });
  }
  const idle = !actions.killPod && !actions.createSandbox && actions.kill.length === 0;
  if (actions.start.length === 0) return { waiting: new Map(), acted: !idle };
  const context = await inSandbox(deps, input, { actions, volumes }, signal);
  const outcome = await startAll(deps, starter, { context, names: actions.start }, signal);
  return { ...outcome, acted: outcome.acted || !idle };
}

/** A probe may give less (or more) time to its container than the pod has. */
function probeGraceMs(pod: Pod, name: string, because: 'liveness' | 'startup' | 'changed'): number | undefined {
  const spec = containersOf(pod).find((container) => container.spec.name === name)?.spec;
  const probe = because === 'liveness' ? spec?.livenessProbe : because === 'startup' ? spec?.startupProbe : undefined;
  return probe?.terminationGracePeriodSeconds === undefined ? undefined : probe.terminationGracePeriodSeconds * 1000;
}

export function factsOf({ settings }: Pick<PodDeps, 'settings'>, pod: Pod, runtime: PodRuntime): PodFacts {
  const hostIPs = settings.hostIPs();
  const podIPs = pod.spec.hostNetwork ? hostIPs : (readySandbox(runtime)?.ips ?? []);
  return { podIPs, hostIPs, allocatable: settings.allocatable() };
}

async function makeDirectories({ host, paths }: PodDeps, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  if (await host.files.stat(paths.podDirectory(uid))) return;
  await host.files.makeDirectory(paths.podDirectory(uid), { mode: 0o750 });
  await host.files.makeDirectory(`${paths.podDirectory(uid)}/volumes`, { mode: 0o750 });
}

async function mounted(
  deps: PodDeps,
  { pod, objects }: SyncInput,
  facts: PodFacts,
  signal: AbortSignal,
): Promise<MountedVolumes> {
  try {
    return await mountVolumes(deps, {
      pod,
      facts,
      objects,
      token: (projection) => deps.tokens.token(pod, projection, signal),
    });
  } catch (err) {
    if (!signal.aborted) deps.recorder.event(pod, 'Warning', 'FailedMount', StatusError.from(err).message);
    throw err;
  }
}

interface Prepared {
  readonly actions: PodActions;
  readonly volumes: MountedVolumes;
}

/** The context in which containers start: the sandbox that is there, or a new one. */
async function inSandbox(
  deps: PodDeps,
  input: SyncInput,
  { actions, volumes }: Prepared,
  signal: AbortSignal,
): Promise<StartContext> {
  const { pod, objects } = input;
  const cgroupParent = podCgroup(deps.settings.cgroupRoot, pod);
  const logDirectory = deps.paths.podLogs(pod);
  const existing = actions.createSandbox ? undefined : readySandbox(input.runtime);
  const attempt = existing?.metadata.attempt ?? actions.attempt;
  const config = sandboxConfig(pod, { dns: deps.settings.dns, logDirectory, cgroupParent, attempt });
  const id =
    existing?.id ??
    (await createSandbox(deps, pod, { config, cgroupParent, replaces: input.runtime.sandboxes.length > 0 }, signal));
  // Back-off counts from the end of what was just stopped, so that has to be seen.
  const unchanged = existing !== undefined && actions.kill.length === 0;
  const runtime = unchanged ? input.runtime : await readPodRuntime(deps.runtime, pod.metadata.uid, signal);
  return { pod, runtime, objects, volumes, sandbox: { id, config }, facts: factsOf(deps, pod, runtime) };
}

interface NewSandbox {
  readonly config: PodSandboxConfig;
  readonly cgroupParent: string;
  readonly replaces: boolean;
}

async function createSandbox(
  deps: PodDeps,
  pod: Pod,
  { config, cgroupParent, replaces }: NewSandbox,
  signal: AbortSignal,
): Promise<string> {
  if (replaces) {
    deps.recorder.event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  }
  deps.metrics.startedPods.inc();
  const end = deps.metrics.runPodSandboxSeconds.startTimer({ runtime_handler: '' });
  try {
    await deps.host.files.makeDirectory(config.logDirectory, { mode: 0o755 });
    await deps.host.cgroups.ensure(cgroupParent, podCgroupLimits(pod));
    return await deps.runtime.runPodSandbox(config, '', signal);
  } catch (err) {
    if (signal.aborted) throw err;
    deps.metrics.startedPodErrors.inc();
    deps.metrics.runPodSandboxErrors.inc({ runtime_handler: '' });
    const message = `Failed to create pod sandbox: ${StatusError.from(err).message}`;
    deps.recorder.event(pod, 'Warning', 'FailedCreatePodSandBox', message);
    throw new StatusError(
      'InternalError',
      `failed to "CreatePodSandbox" for ${JSON.stringify(podTitle(pod))}: ${message}`,
      undefined,
      { cause: err },
    );
  } finally {
    end();
  }
}

interface Starting {
  readonly context: StartContext;
  readonly names: readonly string[];
}

async function startAll(
  deps: PodDeps,
  starter: ContainerStarter,
  { context, names }: Starting,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const waiting = new Map<string, StartError>();
  const containers = new Map(containersOf(context.pod).map((container) => [container.spec.name, container]));
  for (const name of names) {
    const container = containers.get(name);
    if (!container) continue;
    try {
      await starter.start(context, container, signal);
    } catch (err) {
      if (!(err instanceof StartError)) throw err;
      waiting.set(name, err);
      deps.log
        .v(2)
        .info('Container does not start', { pod: podTitle(context.pod), container: name, reason: err.reason });
    }
  }
  const waits = [...waiting.values()].map(({ retryAfterMs }) => retryAfterMs).filter((ms) => ms !== undefined);
  return {
    waiting,
    acted: waiting.size < names.length,
    ...(waits.length > 0 && { retryAfterMs: Math.max(1000, Math.min(...waits)) }),
  };
}
