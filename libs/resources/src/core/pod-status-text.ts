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

/** The first init container that holds the pod up, as `Init:…`; undefined when none does. */
function initText(pod: Pod, sidecars: ReadonlySet<string>): { readonly text?: string; readonly seen: number } {
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [index, status] of statuses.entries()) {
    const { state = {} } = status;
    const done = state.terminated?.exitCode === 0 || (sidecars.has(status.name) && status.started === true);
    if (done) continue;
    const waiting = state.waiting?.reason;
    const reason = terminatedText(state) ?? (waiting === 'PodInitializing' ? undefined : waiting);
    return { text: `Init:${reason ?? `${index}/${pod.spec?.initContainers?.length ?? 0}`}`, seen: index + 1 };
  }
  return { seen: statuses.length };
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

export function summarizePod(pod: Pod): PodSummary {
  const isSidecar = new Set(
    (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map(({ name }) => name),
  );
  const phaseText = isGated(pod) ? 'SchedulingGated' : pod.status?.reason || (pod.status?.phase ?? '');
  const inits = pod.status?.initContainerStatuses ?? [];
  const init = initText(pod, isSidecar);
  const seen = inits.slice(0, init.seen);
  const sidecars = seen.filter(({ name }) => isSidecar.has(name));
  const readySidecars = sidecars.filter(({ started, ready }) => started && ready).length;
  const total = (pod.spec?.containers.length ?? 0) + isSidecar.size;
  if (init.text !== undefined && !hasCondition(pod, 'Initialized')) {
    return { ready: readySidecars, total, status: terminatingText(pod, init.text), ...count(seen) };
  }
  const main = containerText(pod, init.text ?? phaseText);
  const counted = count([...sidecars, ...(pod.status?.containerStatuses ?? [])]);
  return { ready: readySidecars + main.ready, total, status: terminatingText(pod, main.text), ...counted };
}

/** `4 (10m ago)`; without the time where no restart has one. */
export function restartsText({ restarts, lastRestart }: PodSummary, now: Date): string {
  return restarts > 0 && lastRestart ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts);
}

/** `1/2`: readiness gates met, of all. */
export function readinessGatesText(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter(({ conditionType }) => hasCondition(pod, conditionType)).length}/${gates.length}`;
}
