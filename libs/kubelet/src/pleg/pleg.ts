import { is } from '@kubephant/api';
import { newGroup, type Clock, type Logger, type Run } from '@kubephant/base';
import type { RuntimeService } from '@kubephant/node';
import type { KubeletMetrics } from '../metrics/kubelet-metrics';
import { labels } from '../pods/labels';

export interface PlegDeps {
  readonly runtime: RuntimeService;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: KubeletMetrics;
  /** Something of this pod is not as it was at the last look. */
  changed(uid: string): void;
  /** After each look: every pod the runtime has something of. */
  seen(uids: ReadonlySet<string>): void;
}

/** Notices what happens in the runtime, by looking at all of it again and again and, where it has them, by its events. */
export interface Pleg {
  readonly run: Run;
  /** Throws when the runtime has not been looked at for three minutes. */
  healthy(): void;
}

const relistMs = 1000;
/** With events, looking is only the safety net. */
const relistWithEventsMs = 10_000;
const unhealthyMs = 180_000;

export function newPleg(deps: PlegDeps): Pleg {
  const { clock, log } = deps;
  let last: ReadonlyMap<string, string> | undefined;
  let lookedAtMs = clock.now();
  let hasEvents = false;

  const restMs = (): number => (hasEvents ? relistWithEventsMs : relistMs);

  const relist = async (signal: AbortSignal): Promise<void> => {
    const end = deps.metrics.plegRelistSeconds.startTimer();
    const startedMs = clock.now();
    deps.metrics.plegRelistIntervalSeconds.observe((startedMs - lookedAtMs) / 1000);
    const current = await look(deps, signal);
    lookedAtMs = startedMs;
    deps.metrics.plegLastSeenSeconds.set(startedMs / 1000);
    end();
    const uids = new Set([...current.keys(), ...(last?.keys() ?? [])]);
    for (const uid of uids) if (last?.get(uid) !== current.get(uid)) deps.changed(uid);
    last = current;
    deps.seen(new Set(current.keys()));
  };

  return {
    healthy() {
      const agoMs = clock.now() - lookedAtMs;
      if (agoMs > unhealthyMs) throw new Error(`pleg was last seen active ${agoMs / 1000}s ago; threshold is 3m0s`);
    },
    async run(signal) {
      const group = newGroup(signal);
      group.go('runtime events', async (inner) => {
        while (!inner.aborted) {
          try {
            for await (const { podUid } of deps.runtime.events(inner)) {
              // Only one that came proves that there are any.
              hasEvents = true;
              deps.changed(podUid);
            }
          } catch (err) {
            if (is('NotImplemented', err)) break;
            log.v(2).info('The stream of runtime events broke', { err: String(err) });
          }
          hasEvents = false;
          await clock.sleep(relistMs, inner);
        }
        hasEvents = false;
      });
      group.go('relist', async (inner) => {
        while (!inner.aborted) {
          try {
            await relist(inner);
          } catch (err) {
            // A runtime that is away comes back; health says when it is away for too long.
            log.error('Unable to list what the runtime has', err);
            // Whatever failed meanwhile is worth another try at the next look that succeeds.
            last = undefined;
          }
          await clock.sleep(restMs(), inner);
        }
      });
      await group.wait();
    },
  };
}

/** For each pod, a text that changes when anything of it does. */
async function look({ runtime, metrics }: PlegDeps, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const [sandboxes, containers] = await Promise.all([
    runtime.listPodSandboxes({}, signal),
    runtime.listContainers({}, signal),
  ]);
  const traces = new Map<string, string[]>();
  const counts = new Map<string, number>();
  for (const { id, state, metadata } of sandboxes)
    traces.set(metadata.uid, [...(traces.get(metadata.uid) ?? []), `${id}=${state}`]);
  for (const { id, state, labels: found } of containers) {
    const uid = found[labels.podUid] ?? '';
    traces.set(uid, [...(traces.get(uid) ?? []), `${id}=${state}`]);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  metrics.runningPods.set(sandboxes.filter(({ state }) => state === 'READY').length);
  for (const state of ['CREATED', 'RUNNING', 'EXITED', 'UNKNOWN']) {
    metrics.runningContainers.set({ container_state: state.toLowerCase() }, counts.get(state) ?? 0);
  }
  traces.delete('');
  return new Map([...traces].map(([uid, trace]) => [uid, trace.sort().join()]));
}
