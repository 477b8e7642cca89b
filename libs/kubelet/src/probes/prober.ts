import { newGroup, untilAborted, type Group, type Run } from '@kubephant/base';
import type { Pod, Probe } from '@kubephant/schema';
import { containersOf, type PodContainer } from '../pods/containers';
import type { ProbeVerdicts } from '../runtime/actions';
import type { PodDeps } from '../runtime/pod-deps';
import type { PodRuntime } from '../runtime/pod-runtime';
import { latestOf, readySandbox } from '../runtime/pod-runtime';
import { ProbeWorker, type ProbeKind, type ProbeSubject } from './probe-worker';

/** What the probes of all containers have found, and the loops that find it. */
export interface Prober extends ProbeVerdicts {
  ready(containerId: string): boolean;
  /** Follows the pod: starts probes for its containers, and tells those that go on what they look at. */
  track(pod: Pod, runtime: PodRuntime): void;
  forget(uid: string): void;
  readonly run: Run;
}

export type ProberDeps = Pick<PodDeps, 'runtime' | 'host' | 'clock' | 'recorder' | 'metrics' | 'log'> & {
  /** A verdict on one of the pod's containers has changed. */
  changed(uid: string): void;
};

const kinds: Readonly<Record<ProbeKind, (container: PodContainer) => Probe | undefined>> = {
  liveness: ({ spec }) => spec.livenessProbe,
  readiness: ({ spec }) => spec.readinessProbe,
  startup: ({ spec }) => spec.startupProbe,
};

export function newProber(deps: ProberDeps): Prober {
  /** By pod, then by container and kind. */
  const workers = new Map<string, Map<string, ProbeWorker>>();
  /** Verdicts by container id; one who is not here has no probe of the kind, or has not been looked at. */
  const verdicts = new Map<string, Partial<Record<ProbeKind, boolean>>>();
  const probed = new Map<string, ReadonlySet<ProbeKind>>();
  let group: Group | undefined;

  const passes = (kind: ProbeKind, id: string, otherwise: boolean): boolean => {
    if (!probed.get(id)?.has(kind)) return true;
    return verdicts.get(id)?.[kind] ?? otherwise;
  };
  const started = (id: string): boolean => passes('startup', id, false);
  const decide = (uid: string, kind: ProbeKind, id: string, ok: boolean): void => {
    const before = verdicts.get(id)?.[kind];
    verdicts.set(id, { ...verdicts.get(id), [kind]: ok });
    if (before !== ok) deps.changed(uid);
  };

  const trackContainer = (pod: Pod, container: PodContainer, subject: ProbeSubject | undefined): void => {
    const { uid } = pod.metadata;
    const own = workers.get(uid) ?? new Map<string, ProbeWorker>();
    const present = (Object.keys(kinds) as ProbeKind[]).filter((kind) => kinds[kind](container) !== undefined);
    if (present.length === 0) return;
    workers.set(uid, own);
    if (subject) probed.set(subject.containerId, new Set(present));
    for (const kind of present) {
      const key = `${container.spec.name}/${kind}`;
      const known = own.get(key);
      const probe = kinds[kind](container) ?? {};
      const worker = known ?? new ProbeWorker(kind, probe, { ...deps, started, decide });
      worker.look(subject);
      if (known || !group) continue;
      own.set(key, worker);
      group.go(`${kind} probe of ${uid}/${container.spec.name}`, (signal) => worker.run(signal));
    }
  };

  return {
    ready: (id) => started(id) && passes('readiness', id, false),
    started,
    livenessFailed: (id) => !passes('liveness', id, true),
    startupFailed: (id) => !passes('startup', id, true),
    track(pod, runtime) {
      for (const container of containersOf(pod)) trackContainer(pod, container, subjectOf(pod, runtime, container));
    },
    forget(uid) {
      const own = workers.get(uid);
      workers.delete(uid);
      for (const worker of own?.values() ?? []) {
        for (const id of worker.stop()) {
          verdicts.delete(id);
          probed.delete(id);
        }
      }
    },
    async run(signal) {
      group = newGroup(signal);
      group.go('prober', untilAborted);
      await group.wait();
    },
  };
}

function subjectOf(pod: Pod, runtime: PodRuntime, container: PodContainer): ProbeSubject | undefined {
  const latest = latestOf(runtime, container.spec.name);
  if (latest?.state !== 'RUNNING') return undefined;
  const podIP = (pod.spec.hostNetwork ? pod.status?.podIP : readySandbox(runtime)?.ips[0]) ?? '127.0.0.1';
  return { pod, container, containerId: latest.id, startedAtMs: latest.startedAtMs, podIP };
}
