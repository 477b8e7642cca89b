import { StatusError } from '@kubephant/api';
import type { ProbeAnswer } from '@kubephant/node';
import type { Pod, Probe } from '@kubephant/schema';
import type { PodContainer } from '../pods/containers';
import { newWakeup } from '../podworkers/wakeup';
import { runAction } from '../runtime/handlers';
import { recordContainerEvent } from '../runtime/pod-deps';
import { newProbeSeries, type ProbeSeries } from './probe-series';
import type { ProberDeps } from './prober';

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

/** The running container that a probe looks at. */
export interface ProbeSubject {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly containerId: string;
  readonly startedAtMs: number;
  readonly podIP: string;
}

export interface ProbeWorkerDeps extends ProberDeps {
  started(containerId: string): boolean;
  decide(uid: string, kind: ProbeKind, containerId: string, ok: boolean): void;
}

const attempts = 3;
const titles = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' } as const;
const foreverMs = 2 ** 30;

/**
 * Asks one container the same question every `periodSeconds`, and changes its mind after `successThreshold` or
 * `failureThreshold` equal answers in a row. A new container starts it afresh; one that was condemned is left alone.
 */
export class ProbeWorker {
  readonly #kind: ProbeKind;
  readonly #probe: Probe;
  readonly #deps: ProbeWorkerDeps;
  readonly #series: ProbeSeries;
  readonly #wakeup: ReturnType<typeof newWakeup>;
  readonly #stopped = new AbortController();
  readonly #seen = new Set<string>();
  #subject: ProbeSubject | undefined;
  #containerId = '';
  #last: boolean | undefined;
  #run = 0;
  #onHold = false;

  constructor(kind: ProbeKind, probe: Probe, deps: ProbeWorkerDeps) {
    this.#kind = kind;
    this.#probe = probe;
    this.#deps = deps;
    this.#wakeup = newWakeup(deps.clock);
    this.#series = newProbeSeries(titles[kind], deps.metrics);
  }

  /** Undefined: nothing runs that could be asked. */
  look(subject: ProbeSubject | undefined): void {
    const isNew = subject !== undefined && subject.containerId !== this.#containerId;
    this.#subject = subject;
    if (!isNew) return;
    this.#containerId = subject.containerId;
    this.#seen.add(subject.containerId);
    this.#last = undefined;
    this.#run = 0;
    this.#onHold = false;
    this.#wakeup.ring();
  }

  /** Ends the loop; returns every container it looked at. */
  stop(): ReadonlySet<string> {
    this.#stopped.abort();
    this.#wakeup.ring();
    this.#series.remove();
    return this.#seen;
  }

  async run(parent: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([parent, this.#stopped.signal]);
    const periodMs = (this.#probe.periodSeconds ?? 10) * 1000;
    while (!signal.aborted) {
      const subject = this.#subject;
      const waitMs = subject ? this.#waitMs(subject) : foreverMs;
      if (subject && waitMs <= 0) await this.#ask(subject, signal);
      await this.#wakeup.wait(waitMs > 0 ? waitMs : periodMs, signal);
    }
  }

  /** How long until it makes sense to ask; 0: now. */
  #waitMs({ containerId, startedAtMs }: ProbeSubject): number {
    if (this.#onHold) return foreverMs;
    const started = this.#deps.started(containerId);
    const periodMs = (this.#probe.periodSeconds ?? 10) * 1000;
    // A startup probe has done its work once passed; the others begin then.
    if (this.#kind === 'startup' ? started : !started) return periodMs;
    return startedAtMs + (this.#probe.initialDelaySeconds ?? 0) * 1000 - this.#deps.clock.now();
  }

  async #ask(subject: ProbeSubject, signal: AbortSignal): Promise<void> {
    const startedMs = this.#deps.clock.now();
    const answer = await this.#answer(subject, signal);
    if (signal.aborted) return;
    this.#series.count(subject, answer?.ok, (this.#deps.clock.now() - startedMs) / 1000);
    if (answer && this.#containerId === subject.containerId) this.#consider(answer, subject);
  }

  #consider(answer: ProbeAnswer, subject: ProbeSubject): void {
    if (!answer.ok) this.#complain(subject, `${titles[this.#kind]} probe failed: ${answer.output}`);
    const ok = answer.ok;
    if (ok === this.#last) this.#run++;
    else this.#run = 1;
    this.#last = ok;
    const { successThreshold = 1, failureThreshold = 3 } = this.#probe;
    if (this.#run < (ok ? successThreshold : failureThreshold)) return;
    this.#deps.decide(subject.pod.metadata.uid, this.#kind, subject.containerId, ok);
    if (!ok && this.#kind !== 'readiness') {
      // The container is to be killed: nothing more to learn from it.
      this.#onHold = true;
      this.#run = 0;
    }
  }

  /** Undefined: it could not be asked, which says nothing about it. */
  async #answer(subject: ProbeSubject, signal: AbortSignal): Promise<ProbeAnswer | undefined> {
    const timeoutMs = (this.#probe.timeoutSeconds ?? 1) * 1000;
    const { container, containerId, podIP } = subject;
    for (let attempt = 1; ; attempt++) {
      try {
        return await runAction(
          this.#deps,
          this.#probe,
          { spec: container.spec, containerId, podIP },
          { timeoutMs, signal },
        );
      } catch (err) {
        if (signal.aborted) return undefined;
        if (attempt < attempts) continue;
        this.#complain(
          subject,
          `${titles[this.#kind]} probe errored and resulted in unknown state: ${StatusError.from(err).message}`,
        );
        return undefined;
      }
    }
  }

  #complain({ pod, container }: ProbeSubject, message: string): void {
    recordContainerEvent(this.#deps, pod, container, { type: 'Warning', reason: 'Unhealthy', message });
  }
}
