import type { ContainerStatus, Pod } from '@kubephant/schema';
import { age } from '../print/duration';

/** What `kubectl get pods` says of a pod in READY, STATUS and RESTARTS. */
export interface PodSummary {
  ready: number;
  total: number;
  status: string;
  restarts: number;
  lastRestart: string | undefined;
}

const later = (a: string | undefined, b: string | undefined): string | undefined =>
  !a || (b && Date.parse(b) > Date.parse(a)) ? b : a;

const ended = (status: ContainerStatus): string | undefined => status.lastState?.terminated?.finishedAt;

const hasCondition = (pod: Pod, type: string): boolean =>
  (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');

const isGated = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');

const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';

function terminatedText({ terminated }: NonNullable<ContainerStatus['state']>): string | undefined {
  if (!terminated) return undefined;
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

interface Counted {
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

const count = (statuses: readonly ContainerStatus[]): Counted => ({
  restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
  lastRestart: statuses.map(ended).reduce(later, undefined),
});

/** What holds the pod up in an init container, or undefined when it is done or a sidecar that runs. */
function initReason(status: ContainerStatus, sidecars: ReadonlySet<string>): string | undefined {
  const { state = {} } = status;
  if (state.terminated?.exitCode === 0 || (sidecars.has(status.name) && status.started === true)) return undefined;
  const waiting = state.waiting?.reason ?? '';
  return terminatedText(state) ?? (waiting === 'PodInitializing' ? '' : waiting);
}

/** The first init container that holds the pod up, as `Init:…`, and how many were looked at. */
function initText(pod: Pod, sidecars: ReadonlySet<string>): { readonly text?: string; readonly seen: number } {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const reasons = statuses.map((status) => initReason(status, sidecars));
  const index = reasons.findIndex((reason) => reason !== undefined);
  if (index < 0) return { seen: statuses.length };
  const progress = `${index}/${pod.spec.initContainers?.length ?? 0}`;
  return { text: `Init:${reasons[index] || progress}`, seen: index + 1 };
}

function containerText(pod: Pod, before: string): { readonly text: string; readonly ready: number } {
  const statuses = pod.status?.containerStatuses ?? [];
  let text = before;
  // The first container wins, so the last word is its.
  for (const { state = {} } of [...statuses].reverse()) text = state.waiting?.reason || (terminatedText(state) ?? text);
  const ready = statuses.filter((status) => status.ready && status.state?.running).length;
  if (text === 'Completed' && ready > 0) text = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { text, ready };
}

function terminatingText(pod: Pod, text: string): string {
  if (!pod.metadata.deletionTimestamp) return text;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  return isTerminal(pod.status?.phase) ? text : 'Terminating';
}

/** What the pod as a whole says before its containers are looked at. */
const phaseText = (pod: Pod): string =>
  isGated(pod) ? 'SchedulingGated' : pod.status?.reason || (pod.status?.phase ?? '');

export function summarizePod(pod: Pod): PodSummary {
  const { containers, initContainers = [] } = pod.spec;
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const isSidecar = new Set(initContainers.filter((c) => c.restartPolicy === 'Always').map(({ name }) => name));
  const init = initText(pod, isSidecar);
  const seen = initContainerStatuses.slice(0, init.seen);
  const sidecars = seen.filter(({ name }) => isSidecar.has(name));
  const readySidecars = sidecars.filter(({ started, ready }) => started && ready).length;
  const total = containers.length + isSidecar.size;
  if (init.text !== undefined && !hasCondition(pod, 'Initialized')) {
    return { ready: readySidecars, total, status: terminatingText(pod, init.text), ...count(seen) };
  }
  const main = containerText(pod, init.text ?? phaseText(pod));
  const counted = count([...sidecars, ...containerStatuses]);
  return { ready: readySidecars + main.ready, total, status: terminatingText(pod, main.text), ...counted };
}

/** `4 (10m ago)`; without the time where no restart has one. */
export function restartsText({ restarts, lastRestart }: PodSummary, now: Date): string {
  return restarts > 0 && lastRestart ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts);
}

/** `1/2`: readiness gates met, of all. */
export function readinessGatesText(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter(({ conditionType }) => hasCondition(pod, conditionType)).length}/${gates.length}`;
}
