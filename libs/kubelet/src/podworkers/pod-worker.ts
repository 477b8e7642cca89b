import { is, StatusError } from '@kubephant/api';
import { newBackoff } from '@kubephant/base';
import { pods } from '@kubephant/client';
import type { Pod, PodStatus } from '@kubephant/schema';
import { podTitle } from '../pods/containers';
import { podCgroup } from '../pods/resources';
import type { Prober } from '../probes/prober';
import type { ContainerStarter } from '../runtime/container-start';
import { graceOf, killPod } from '../runtime/kill';
import type { PodDeps } from '../runtime/pod-deps';
import { nothingRunning, readPodRuntime, type PodRuntime } from '../runtime/pod-runtime';
import type { StartError } from '../runtime/start-error';
import { syncPod } from '../runtime/sync-pod';
import { podStatus, type StatusInput } from '../status/pod-status';
import { kubeletConditions, type StatusWriter } from '../status/status-writer';
import { terminationMessages } from '../status/termination-messages';
import { removePodDirectory } from '../volumes/volumes';
import { podTransitions, type PodEvent, type PodState } from './pod-state';
import { newWakeup } from './wakeup';

type Verdict = NonNullable<StatusInput['verdict']>;

export interface PodWorkerDeps extends PodDeps {
  readonly starter: ContainerStarter;
  readonly statuses: StatusWriter;
  readonly prober: Prober;
  readonly runtimeName: string;
  /** Why the node cannot take the pod; undefined when it can. */
  admit(pod: Pod): Verdict | undefined;
}

const resyncMs = 60_000;
/** A pod that changes with every look at it gets this much rest between them. */
const maxActedInARow = 20;
const pauseMs = 1000;

/** All of a pod but what its kubelet says of it itself: an echo of our own words is no reason to look again. */
function whatIsAsked({ metadata, spec, status }: Pod): string {
  const { labels, annotations, deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  const foreign = status?.conditions?.filter(({ type }) => !kubeletConditions.has(type));
  return JSON.stringify([spec, labels, annotations, deletionTimestamp, deletionGracePeriodSeconds, foreign]);
}

/** The one who cares for a pod, from its arrival to the last trace of it; one step at a time. */
export class PodWorker {
  readonly uid: string;
  readonly arrivedAtMs: number;
  #pod: Pod;
  #asked = '';
  #news: 'create' | 'update' | undefined = 'create';
  #state: PodState = 'syncing';
  #removed = false;
  #forgotten = false;
  #admitted = false;
  #observedRunning: boolean;
  #actedInARow = 0;
  #verdict: Verdict | undefined;
  #waiting: ReadonlyMap<string, StartError> = new Map();
  #runtime: PodRuntime = nothingRunning;
  #step = new AbortController();
  readonly #deps: PodWorkerDeps;
  readonly #wakeup: ReturnType<typeof newWakeup>;
  readonly #backoff = newBackoff({ initialMs: 1000, maxMs: 60_000, jitter: 0.2 });

  constructor(pod: Pod, deps: PodWorkerDeps) {
    this.uid = pod.metadata.uid;
    this.arrivedAtMs = deps.clock.now();
    this.#deps = deps;
    this.#wakeup = newWakeup(deps.clock);
    this.#pod = pod;
    // Its start is not ours to measure when it ran before this kubelet did.
    this.#observedRunning = pod.status?.phase === 'Running';
    this.update(pod);
  }

  get pod(): Pod {
    return this.#pod;
  }

  get state(): PodState {
    return this.#state;
  }

  /** As the runtime had it when last looked at. */
  get runtime(): PodRuntime {
    return this.#runtime;
  }

  /** Whether it has a claim on the node's resources. */
  get active(): boolean {
    return this.#admitted && (this.#state === 'syncing' || this.#state === 'terminating');
  }

  update(pod: Pod): void {
    const sooner = pod.metadata.deletionTimestamp !== undefined && graceOf(pod) < graceOf(this.#pod);
    const asked = whatIsAsked(pod);
    const news = asked !== this.#asked;
    this.#asked = asked;
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) this.#move('deleted');
    // A shorter grace than the one being waited for: begin that again.
    if (sooner && this.#state === 'terminating') this.#step.abort();
    if (!news) return;
    if (this.#state === 'syncing') this.#deps.objects.register(pod);
    this.#news ??= 'update';
    this.#wakeup.ring();
  }

  /** The API has it no more. */
  remove(): void {
    this.#removed = true;
    this.#move('removed');
    this.#wakeup.ring();
  }

  /** Something about it may have changed in the runtime. */
  poke(): void {
    this.#wakeup.ring();
  }

  #move(event: PodEvent): void {
    const next = podTransitions[this.#state][event];
    if (next === this.#state) return;
    this.#state = next;
    this.#step.abort();
  }

  /** Until aborted, or until there is nothing left to care for. */
  async run(signal: AbortSignal): Promise<void> {
    let waitMs = 0;
    const { clock, metrics } = this.#deps;
    metrics.podWorkerStartSeconds.observe((clock.now() - this.arrivedAtMs) / 1000);
    while (!this.#forgotten) {
      await this.#wakeup.wait(waitMs, signal);
      if (signal.aborted) return;
      this.#step = new AbortController();
      waitMs = await this.#take(AbortSignal.any([signal, this.#step.signal]));
    }
  }

  /** One step of the state it is in; returns how long to rest before the next. */
  async #take(signal: AbortSignal): Promise<number> {
    const steps: Record<PodState, (signal: AbortSignal) => Promise<number>> = {
      syncing: (s) => this.#sync(s),
      terminating: (s) => this.#terminate(s),
      terminated: () => this.#clean(),
      finished: (s) => this.#finish(s),
    };
    const end = this.#deps.metrics.podWorkerSeconds.startTimer({ operation_type: this.#operation() });
    try {
      const restMs = await steps[this.#state](signal);
      this.#backoff.reset();
      return restMs;
    } catch (err) {
      if (signal.aborted) return 0;
      this.#deps.log.error('Error syncing pod, skipping', err, { pod: podTitle(this.#pod) });
      return this.#backoff.next();
    } finally {
      end();
    }
  }

  /** Upstream's word for what a step is about. */
  #operation(): string {
    const news = this.#news;
    this.#news = undefined;
    return this.#state === 'syncing' ? (news ?? 'sync') : 'kill';
  }

  async #sync(signal: AbortSignal): Promise<number> {
    await this.#look(signal);
    if (this.#mustEnd()) return 0;
    if (this.#pod.status?.startTime === undefined) await this.#report(false);
    try {
      return await this.#converge(signal);
    } catch (err) {
      if (!signal.aborted) {
        await this.#look(signal);
        await this.#report(false);
      }
      throw err;
    }
  }

  async #converge(signal: AbortSignal): Promise<number> {
    const { starter, prober } = this.#deps;
    const objects = this.#deps.objects.reader(signal);
    const input = { pod: this.#pod, runtime: this.#runtime, probes: prober, objects };
    const outcome = await syncPod(this.#deps, starter, input, signal);
    this.#waiting = outcome.waiting;
    if (outcome.acted) await this.#look(signal);
    const { phase } = await this.#report(false);
    if (phase === 'Succeeded' || phase === 'Failed') this.#move('ended');
    if (phase === 'Running') this.#observeStart();
    this.#actedInARow = outcome.acted ? this.#actedInARow + 1 : 0;
    if (outcome.acted && outcome.waiting.size === 0) return this.#actedInARow > maxActedInARow ? pauseMs : 0;
    return Math.min(outcome.retryAfterMs ?? resyncMs, this.#untilDeadlineMs());
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.#runtime = await readPodRuntime(this.#deps.runtime, this.uid, signal);
    this.#deps.prober.track(this.#pod, this.#runtime);
  }

  /** Whether the pod is over before anything else is done for it: at its end, too late, or not welcome. */
  #mustEnd(): boolean {
    const { phase } = this.#pod.status ?? {};
    if (phase === 'Succeeded' || phase === 'Failed') this.#move('ended');
    else if (this.#untilDeadlineMs() <= 0) {
      this.#verdict = {
        phase: 'Failed',
        reason: 'DeadlineExceeded',
        message: 'Pod was active on the node longer than the specified deadline',
      };
      this.#deps.recorder.event(this.#pod, 'Normal', 'DeadlineExceeded', this.#verdict.message);
      this.#move('ended');
    } else if (!this.#admitted) this.#admit();
    return this.#state !== 'syncing';
  }

  /** A pod that was running before this kubelet started is not turned away. */
  #admit(): void {
    const settled = this.#runtime.containers.length > 0 || this.#pod.status?.startTime !== undefined;
    const refused = settled ? undefined : this.#deps.admit(this.#pod);
    this.#admitted = refused === undefined;
    if (!refused) return;
    this.#deps.metrics.admissionRejections.inc({ reason: refused.reason });
    this.#deps.recorder.event(this.#pod, 'Warning', refused.reason, refused.message);
    this.#verdict = refused;
    this.#move('ended');
  }

  #untilDeadlineMs(): number {
    const { activeDeadlineSeconds } = this.#pod.spec;
    const { startTime } = this.#pod.status ?? {};
    if (activeDeadlineSeconds === undefined || startTime === undefined) return resyncMs;
    return Date.parse(startTime) + activeDeadlineSeconds * 1000 - this.#deps.clock.now();
  }

  #observeStart(): void {
    if (this.#observedRunning) return;
    this.#observedRunning = true;
    const { clock, metrics, starter } = this.#deps;
    const nowMs = clock.now();
    const { creationTimestamp } = this.#pod.metadata;
    const ageMs = creationTimestamp === undefined ? 0 : Math.max(0, nowMs - Date.parse(creationTimestamp));
    metrics.podStartSeconds.observe((nowMs - this.arrivedAtMs) / 1000);
    metrics.podStartTotalSeconds.observe(ageMs / 1000);
    metrics.podStartSliSeconds.observe(Math.max(0, ageMs - starter.pullingMs(this.uid)) / 1000);
  }

  async #report(terminal: boolean): Promise<PodStatus> {
    const { host, paths, prober, runtimeName, settings, clock, statuses } = this.#deps;
    const messages = await terminationMessages({ files: host.files, paths }, this.uid, this.#runtime);
    const status = podStatus({
      pod: this.#pod,
      runtime: this.#runtime,
      facts: {
        runtimeName,
        waiting: this.#waiting,
        terminationMessages: messages,
        ready: (id) => prober.ready(id),
        started: (id) => prober.started(id),
        terminal,
      },
      hostIPs: settings.hostIPs(),
      startTimeMs: this.arrivedAtMs,
      nowMs: clock.now(),
      verdict: this.#verdict,
    });
    if (!this.#removed) statuses.set(this.#pod, status);
    return status;
  }

  async #terminate(signal: AbortSignal): Promise<number> {
    await this.#look(signal);
    await killPod(this.#deps, this.#pod, this.#runtime, { graceMs: graceOf(this.#pod), signal });
    this.#deps.prober.forget(this.uid);
    this.#deps.objects.unregister(this.uid);
    this.#runtime = await readPodRuntime(this.#deps.runtime, this.uid, signal);
    await this.#report(true);
    this.#move('stopped');
    return 0;
  }

  async #clean(): Promise<number> {
    await removePodDirectory(this.#deps, this.uid);
    await this.#deps.host.cgroups.remove(podCgroup(this.#deps.settings.cgroupRoot, this.#pod));
    this.#deps.tokens.forget(this.uid);
    this.#deps.starter.forget(this.uid);
    this.#move('cleaned');
    return 0;
  }

  /** Confirms a deletion once everything is gone; removes what is left of the containers once the API has forgotten too. */
  async #finish(signal: AbortSignal): Promise<number> {
    if (this.#removed) {
      await this.#removeTraces(signal);
      this.#forgotten = true;
      return 0;
    }
    if (this.#pod.metadata.deletionTimestamp === undefined) return resyncMs;
    await this.#deps.statuses.written(this.uid, signal);
    try {
      const { name, namespace } = this.#pod.metadata;
      const options = { gracePeriodSeconds: 0, preconditions: { uid: this.uid } };
      await this.#deps.client.resource(pods).delete({ namespace, name }, signal, options);
    } catch (err) {
      // Somebody was faster, or another pod has the name by now: either way ours is gone.
      if (!is('NotFound', err) && !is('Conflict', err)) throw StatusError.from(err);
    }
    return resyncMs;
  }

  async #removeTraces(signal: AbortSignal): Promise<void> {
    const left = await readPodRuntime(this.#deps.runtime, this.uid, signal);
    for (const { id } of left.containers) await this.#deps.runtime.removeContainer(id, signal);
    for (const { id } of left.sandboxes) await this.#deps.runtime.removePodSandbox(id, signal);
    await this.#deps.host.files.remove(this.#deps.paths.podLogs(this.#pod));
    this.#deps.statuses.forget(this.uid);
  }
}
