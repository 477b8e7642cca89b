import { StatusError } from '@kubephant/api';
import type { ContainerStatus, Mount, PodSandboxConfig } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import { containerConfig, terminationLogName } from '../pods/container-config';
import { containerHash, podTitle, type PodContainer } from '../pods/containers';
import { podHostname, etcHosts } from '../pods/dns';
import { containerEnvironment, type ReferencedObjects } from '../pods/environment';
import type { PodFacts } from '../pods/field-values';
import { rootRefused } from '../pods/security';
import { containerMounts, type MountedVolumes } from '../volumes/volumes';
import { goDuration, type RetryBackoff } from './backoff';
import { runAction } from './handlers';
import type { ImagePuller, PulledImage } from './image-puller';
import { killContainer } from './kill';
import { recordContainerEvent, type PodDeps } from './pod-deps';
import { latestOf, restartCountOf, type PodRuntime } from './pod-runtime';
import { pullCredentials } from './pull-secrets';
import { StartError } from './start-error';

export interface StartContext {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly sandbox: { readonly id: string; readonly config: PodSandboxConfig };
  readonly facts: PodFacts;
  readonly volumes: MountedVolumes;
  readonly objects: ReferencedObjects;
}

export interface ContainerStarter {
  /** Rejects with StartError. */
  start(context: StartContext, container: PodContainer, signal: AbortSignal): Promise<void>;
  /** How long the pod has waited for its images so far. */
  pullingMs(uid: string): number;
  forget(uid: string): void;
}

export function newContainerStarter(
  deps: PodDeps,
  { puller, backoff }: { readonly puller: ImagePuller; readonly backoff: RetryBackoff },
): ContainerStarter {
  return {
    async start(context, container, signal) {
      const { pod, runtime } = context;
      checkCrashBackoff(deps, pod, container, { latest: latestOf(runtime, container.spec.name), backoff });
      const pulled = await puller.ensure(
        {
          pod,
          container,
          sandbox: context.sandbox.config,
          credentials: () => pullCredentials(pod, container.spec.image ?? '', context.objects),
        },
        signal,
      );
      const id = await create(deps, context, { container, pulled }, signal);
      await run(deps, pod, container, { id, signal });
      const target = { spec: container.spec, containerId: id, podIP: context.facts.podIPs[0] ?? '' };
      await postStart(deps, context, { container, target }, signal);
    },
    pullingMs: (uid) => puller.pullingMs(uid),
    forget(uid) {
      backoff.forget(`${uid}/`);
      puller.forget(uid);
    },
  };
}

function checkCrashBackoff(
  deps: PodDeps,
  pod: Pod,
  container: PodContainer,
  { latest, backoff }: { readonly latest: ContainerStatus | undefined; readonly backoff: RetryBackoff },
): void {
  if (latest?.state !== 'EXITED') return;
  const { name } = container.spec;
  const key = `${pod.metadata.uid}/${name}/${containerHash(container.spec)}`;
  const remainingMs = backoff.remainingMs(key, latest.finishedAtMs, deps.clock.now());
  if (remainingMs > 0) {
    const message = `Back-off restarting failed container ${name} in pod ${podTitle(pod)}`;
    recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'BackOff', message });
    const wait = goDuration(backoff.waitMs(key));
    const text = `back-off ${wait} restarting failed container=${name} pod=${podTitle(pod)}`;
    throw new StartError('CrashLoopBackOff', text, { retryAfterMs: remainingMs });
  }
  backoff.next(key, latest.finishedAtMs);
}

interface Creation {
  readonly container: PodContainer;
  readonly pulled: PulledImage;
}

async function create(deps: PodDeps, context: StartContext, creation: Creation, signal: AbortSignal): Promise<string> {
  const { pod, sandbox } = context;
  const { container } = creation;
  const config = await inTerms('CreateContainerConfigError', deps, { pod, container }, () =>
    configure(deps, context, creation),
  );
  const id = await inTerms('CreateContainerError', deps, { pod, container }, () =>
    deps.runtime.createContainer(sandbox.id, config, sandbox.config, signal),
  );
  recordContainerEvent(deps, pod, container, { type: 'Normal', reason: 'Created', message: 'Container created' });
  return id;
}

async function configure(
  deps: PodDeps,
  context: StartContext,
  { container, pulled }: Creation,
): Promise<ReturnType<typeof containerConfig>> {
  const { pod, facts, objects, volumes, runtime } = context;
  const { spec } = container;
  const refused = rootRefused(pod, spec, pulled.image);
  if (refused !== undefined) throw new StatusError('Forbidden', refused);
  const serviceEnv = deps.settings.serviceEnv(pod.metadata.namespace ?? '', pod.spec.enableServiceLinks ?? true);
  const env = await containerEnvironment({ pod, container: spec, facts, objects, serviceEnv });
  const attempt = nextAttempt(pod, spec.name, runtime);
  const mounts = await containerMounts({ ...deps }, { pod, container: spec, volumes, env });
  const own = await ownMounts(deps, context, {
    container,
    attempt,
    taken: new Set(mounts.map((m) => m.containerPath)),
  });
  await deps.host.files.makeDirectory(`${deps.paths.podLogs(pod)}/${spec.name}`, { mode: 0o755 });
  const target = 'targetContainerName' in spec ? spec.targetContainerName : undefined;
  return containerConfig({
    pod,
    container,
    attempt,
    imageRef: pulled.ref,
    image: pulled.image,
    env,
    mounts: [...mounts, ...own],
    nodeMemoryBytes: deps.settings.nodeMemoryBytes,
    targetId: target === undefined ? undefined : latestOf(runtime, target)?.id,
  });
}

/** One more than the last, which the API still knows when the runtime has forgotten. */
function nextAttempt(pod: Pod, name: string, runtime: PodRuntime): number {
  const latest = latestOf(runtime, name);
  if (latest) return restartCountOf(latest) + 1;
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const known = [...containerStatuses, ...initContainerStatuses].find((status) => status.name === name);
  return known?.containerID ? known.restartCount + 1 : 0;
}

interface OwnMounts {
  readonly container: PodContainer;
  readonly attempt: number;
  readonly taken: ReadonlySet<string>;
}

/** What the kubelet itself adds: /etc/hosts, and the file for the termination message. */
async function ownMounts(
  deps: PodDeps,
  { pod, facts }: StartContext,
  { container, attempt, taken }: OwnMounts,
): Promise<Mount[]> {
  const { host, paths, settings } = deps;
  const { uid } = pod.metadata;
  const mounts: Mount[] = [];
  if (!taken.has('/etc/hosts')) {
    const hostFile = pod.spec.hostNetwork
      ? (await host.files.readFile('/etc/hosts', 64 * 1024).catch(() => '')).toString()
      : undefined;
    const names = podHostname(pod, settings.dns.clusterDomain);
    await host.files.writeFile(paths.etcHosts(uid), etcHosts(pod, facts.podIPs, names, hostFile), { mode: 0o644 });
    mounts.push({
      containerPath: '/etc/hosts',
      hostPath: paths.etcHosts(uid),
      readonly: false,
      propagation: 'PRIVATE',
    });
  }
  const directory = paths.containerDirectory(uid, container.spec.name);
  await host.files.makeDirectory(directory, { mode: 0o750 });
  const hostPath = `${directory}/${terminationLogName(attempt)}`;
  await host.files.writeFile(hostPath, '', { mode: 0o666 });
  const containerPath = container.spec.terminationMessagePath ?? '/dev/termination-log';
  if (!taken.has(containerPath)) mounts.push({ containerPath, hostPath, readonly: false, propagation: 'PRIVATE' });
  return mounts;
}

async function run(
  deps: PodDeps,
  pod: Pod,
  container: PodContainer,
  { id, signal }: { readonly id: string; readonly signal: AbortSignal },
): Promise<void> {
  await inTerms('RunContainerError', deps, { pod, container }, () => deps.runtime.startContainer(id, signal));
  recordContainerEvent(deps, pod, container, { type: 'Normal', reason: 'Started', message: 'Container started' });
  deps.metrics.startedContainers.inc({ container_type: metricTypes[container.kind] });
}

const metricTypes = {
  init: 'init_container',
  sidecar: 'init_container',
  regular: 'container',
  ephemeral: 'ephemeral_container',
} as const;

/** Runs a step; its failure becomes an event and the reason why the container waits. */
async function inTerms<T>(
  reason: string,
  deps: PodDeps,
  { pod, container }: { readonly pod: Pod; readonly container: PodContainer },
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (err) {
    if (err instanceof Error && err.name === 'AbortError') throw err;
    const { message } = StatusError.from(err);
    recordContainerEvent(deps, pod, container, { type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
    deps.metrics.startedContainerErrors.inc({ container_type: metricTypes[container.kind], code: reason });
    throw new StartError(reason, message, { retryAfterMs: 10_000, cause: err });
  }
}

interface Started {
  readonly container: PodContainer;
  readonly target: Parameters<typeof runAction>[2];
}

async function postStart(
  deps: PodDeps,
  { pod }: StartContext,
  { container, target }: Started,
  signal: AbortSignal,
): Promise<void> {
  const hook = container.spec.lifecycle?.postStart;
  if (!hook) return;
  try {
    const { ok, output } = await runAction(deps, hook, target, { timeoutMs: 0, signal });
    if (ok) return;
    throw new Error(output);
  } catch (err) {
    if (signal.aborted) throw err;
    const message = err instanceof Error ? err.message : String(err);
    // What a hook says may be secret, and events are for many to read: they tell no more than that it failed.
    recordContainerEvent(deps, pod, container, {
      type: 'Warning',
      reason: 'FailedPostStartHook',
      message: 'PostStartHook failed',
    });
    const status = await deps.runtime.containerStatus(target.containerId, signal);
    await killContainer(deps, pod, status, { options: { graceMs: 1000, message: 'FailedPostStartHook' }, signal });
    throw new StartError('PostStartHookError', message, { cause: err });
  }
}
