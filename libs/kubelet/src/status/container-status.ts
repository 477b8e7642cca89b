import { timestamp } from '@kubephant/api';
import type { ContainerStatus as RuntimeStatus } from '@kubephant/node';
import type { ContainerState, ContainerStatus, Pod } from '@kubephant/schema';
import type { ContainerKind, PodContainer } from '../pods/containers';
import { allOf, restartCountOf, type PodRuntime } from '../runtime/pod-runtime';

/** What is known of containers beside their state in the runtime. */
export interface ContainerFacts {
  /** As in containerID: `containerd`. */
  readonly runtimeName: string;
  /** Why containers wait, by name. */
  readonly waiting: ReadonlyMap<string, { readonly reason: string; readonly message: string }>;
  /** By container id. */
  readonly terminationMessages: ReadonlyMap<string, string>;
  ready(containerId: string): boolean;
  started(containerId: string): boolean;
  /** The pod is over: nothing of it will run again. */
  readonly terminal: boolean;
  /** Its turn to start had come, so that of one the runtime does not have nothing but the end can be told. */
  readonly due: boolean;
  /** What a container waits for that nothing more is known of. */
  readonly defaultReason: 'ContainerCreating' | 'PodInitializing';
}

const lost = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was terminated',
} as const;

/** The status of one container of the spec, from the attempts the runtime knows and what was said of it before. */
export function containerStatus(
  { spec, kind }: PodContainer,
  runtime: PodRuntime,
  facts: ContainerFacts,
  before: ContainerStatus | undefined,
): ContainerStatus {
  const [latest, previous] = allOf(runtime, spec.name);
  const { state, lastState } = states(spec.name, { latest, previous, before }, facts);
  return {
    name: spec.name,
    state,
    lastState,
    ...health(kind, latest, state, facts),
    ...(latest ? seen(latest, before) : remembered(before, spec.image)),
    ...identity(latest, before, facts),
    ...(spec.resources && latest && { resources: spec.resources }),
  };
}

type Seen = Pick<ContainerStatus, 'restartCount' | 'image' | 'imageID'>;

function seen(latest: RuntimeStatus, before: ContainerStatus | undefined): Seen {
  const image = latest.image === '' ? (before?.image ?? '') : latest.image;
  return { restartCount: restartCountOf(latest), image, imageID: latest.imageRef };
}

function remembered(before: ContainerStatus | undefined, image = ''): Seen {
  if (!before) return { restartCount: 0, image, imageID: '' };
  return { restartCount: before.restartCount, image: before.image, imageID: before.imageID };
}

/** Init containers are ready when they are done; the others while they run and answer. */
function health(
  kind: ContainerKind,
  latest: RuntimeStatus | undefined,
  state: ContainerState,
  facts: ContainerFacts,
): Pick<ContainerStatus, 'ready' | 'started'> {
  if (kind === 'init') return { ready: state.terminated?.exitCode === 0, started: false };
  const runningId = state.running ? latest?.id : undefined;
  const ready = runningId !== undefined && facts.ready(runningId);
  if (kind === 'ephemeral') return { ready: false };
  return { ready, started: runningId !== undefined && facts.started(runningId) };
}

function identity(
  latest: RuntimeStatus | undefined,
  before: ContainerStatus | undefined,
  { runtimeName }: ContainerFacts,
): { containerID?: string } {
  if (latest) return { containerID: `${runtimeName}://${latest.id}` };
  return before?.containerID ? { containerID: before.containerID } : {};
}

interface Attempts {
  readonly latest: RuntimeStatus | undefined;
  readonly previous: RuntimeStatus | undefined;
  readonly before: ContainerStatus | undefined;
}

function states(
  name: string,
  { latest, previous, before }: Attempts,
  facts: ContainerFacts,
): { readonly state: ContainerState; readonly lastState: ContainerState } {
  const waiting = { waiting: waitingState(facts.waiting.get(name), facts) };
  const past = previous ? stateOf(previous, facts) : (before?.lastState ?? {});
  if (!latest) return vanished(before, { waiting, past, facts });
  const current = stateOf(latest, facts);
  if (current.terminated && facts.waiting.has(name) && !facts.terminal) return { state: waiting, lastState: current };
  return { state: current.waiting ? waiting : current, lastState: past };
}

interface Alternatives {
  readonly waiting: ContainerState;
  readonly past: ContainerState;
  readonly facts: ContainerFacts;
}

/** What ran once and is gone counts as ended; in a pod that is over only what was never due still waits. */
function vanished(
  before: ContainerStatus | undefined,
  { waiting, past, facts }: Alternatives,
): { readonly state: ContainerState; readonly lastState: ContainerState } {
  const ended = knownEnd(before);
  if (facts.terminal && (ended || facts.due)) {
    return { state: { terminated: ended ?? lost }, lastState: before?.lastState ?? {} };
  }
  return { state: waiting, lastState: ended ? { terminated: ended } : past };
}

const knownEnd = (before: ContainerStatus | undefined): ContainerState['terminated'] =>
  before?.state?.terminated ?? (before?.state?.running && lost);

function waitingState(
  waiting: { readonly reason: string; readonly message: string } | undefined,
  { defaultReason }: ContainerFacts,
): NonNullable<ContainerState['waiting']> {
  return waiting ? { reason: waiting.reason, message: waiting.message } : { reason: defaultReason };
}

function stateOf(status: RuntimeStatus, facts: ContainerFacts): ContainerState {
  switch (status.state) {
    case 'RUNNING':
      return { running: { startedAt: timestamp(status.startedAtMs) } };
    case 'EXITED':
      return { terminated: terminated(status, facts) };
    case 'CREATED':
    case 'UNKNOWN':
      return { waiting: { reason: facts.defaultReason } };
  }
}

function terminated(status: RuntimeStatus, facts: ContainerFacts): NonNullable<ContainerState['terminated']> {
  const message = facts.terminationMessages.get(status.id) ?? status.message;
  const reason = status.reason || (status.exitCode === 0 ? 'Completed' : 'Error');
  return {
    exitCode: status.exitCode,
    reason,
    ...(message !== '' && { message }),
    startedAt: timestamp(status.startedAtMs),
    finishedAt: timestamp(status.finishedAtMs),
    containerID: `${facts.runtimeName}://${status.id}`,
  };
}

/** What the pod's last status said of a container. */
export function statusBefore({ status }: Pod, { kind, spec }: PodContainer): ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  const lists = {
    init: initContainerStatuses,
    sidecar: initContainerStatuses,
    regular: containerStatuses,
    ephemeral: ephemeralContainerStatuses,
  };
  return lists[kind].find(({ name }) => name === spec.name);
}
