import type { ContainerStatus } from '@kubephant/node';
import type { Pod } from '@kubephant/schema';
import { containersOf, findContainer, podTitle, type PodContainer } from '../pods/containers';
import { annotations } from '../pods/labels';
import { runAction } from './handlers';
import { recordContainerEvent, type PodDeps } from './pod-deps';
import type { PodRuntime } from './pod-runtime';

/** What is left of a grace period after a preStop hook, at least: a program must get to see its TERM. */
const minGraceAfterHookMs = 2000;

export interface KillOptions {
  readonly graceMs: number;
  readonly message?: string;
}

/** The grace a pod gets: what its deletion says, or else its spec. */
export function graceOf({ metadata, spec }: Pod): number {
  return (metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30) * 1000;
}

/** preStop, TERM, and KILL when the grace is over; resolves once the container has exited. */
export async function killContainer(
  deps: PodDeps,
  pod: Pod,
  container: ContainerStatus,
  { options, signal }: { readonly options: KillOptions; readonly signal: AbortSignal },
): Promise<void> {
  const known = findContainer(pod, container.metadata.name);
  const message = options.message ?? `Stopping container ${container.metadata.name}`;
  if (known) recordContainerEvent(deps, pod, known, { type: 'Normal', reason: 'Killing', message });
  const startedMs = deps.clock.now();
  const ranHook =
    known && options.graceMs > 0 && (await preStop(deps, pod, known, { container, graceMs: options.graceMs, signal }));
  const leftMs = Math.max(0, options.graceMs - (deps.clock.now() - startedMs));
  await deps.runtime.stopContainer(container.id, ranHook ? Math.max(leftMs, minGraceAfterHookMs) : leftMs, signal);
}

interface Stopping {
  readonly container: ContainerStatus;
  readonly graceMs: number;
  readonly signal: AbortSignal;
}

async function preStop(
  deps: PodDeps,
  pod: Pod,
  known: PodContainer,
  { container, graceMs, signal }: Stopping,
): Promise<boolean> {
  const hook = known.spec.lifecycle?.preStop;
  if (!hook || container.state !== 'RUNNING') return false;
  const grace = new AbortController();
  const both = AbortSignal.any([signal, grace.signal]);
  const over = deps.clock.sleep(graceMs, both).then(() => grace.abort());
  try {
    const target = { spec: known.spec, containerId: container.id, podIP: pod.status?.podIP ?? '' };
    const { ok, output } = await runAction(deps, hook, target, { timeoutMs: graceMs, signal: both });
    if (!ok) throw new Error(output);
  } catch (err) {
    if (signal.aborted) throw err;
    // The container is stopped all the same. What a hook says may be secret: events tell no more than that it failed.
    const message = 'PreStopHook failed';
    deps.log.v(2).info(message, { pod: podTitle(pod), container: known.spec.name, why: String(err) });
    recordContainerEvent(deps, pod, known, { type: 'Warning', reason: 'FailedPreStopHook', message });
  } finally {
    grace.abort();
    await over;
  }
  return true;
}

/** Stops everything of a pod: sidecars last, in reverse, all within the one grace; then its sandboxes. */
export async function killPod(
  deps: PodDeps,
  pod: Pod,
  runtime: PodRuntime,
  { graceMs, signal }: { readonly graceMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const startedMs = deps.clock.now();
  const left = (): KillOptions => ({ graceMs: Math.max(0, graceMs - (deps.clock.now() - startedMs)) });
  const order = containersOf(pod)
    .filter(({ kind }) => kind === 'sidecar')
    .map(({ spec }) => spec.name);
  const alive = runtime.containers.filter(({ state }) => state === 'RUNNING' || state === 'UNKNOWN');
  const place = ({ metadata }: ContainerStatus): number => order.indexOf(metadata.name);
  const kill = (container: ContainerStatus): Promise<void> =>
    killContainer(deps, pod, container, { options: left(), signal });
  await Promise.all(alive.filter((container) => place(container) < 0).map(kill));
  const sidecars = alive.filter((container) => place(container) >= 0).sort((a, b) => place(b) - place(a));
  for (const sidecar of sidecars) await kill(sidecar);
  for (const { id } of runtime.sandboxes) await deps.runtime.stopPodSandbox(id, signal);
}

/** The grace of a pod that is known from its containers alone. */
export function recordedGraceMs({ containers }: PodRuntime): number {
  const seconds = containers.map((container) => Number(container.annotations[annotations.podGraceSeconds] ?? '1'));
  return Math.max(1, ...seconds.filter(Number.isFinite)) * 1000;
}
