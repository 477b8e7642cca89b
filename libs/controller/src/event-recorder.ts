import { type Draft, is, type KubeObject, timestamp } from '@kubephant/api';
import { newBackoff, onAbort, systemClock, type Clock, type Logger, type Run } from '@kubephant/base';
import { events, type Client } from '@kubephant/client';
import type { Event, ObjectReference } from '@kubephant/schema';
import { newBoundedMap, newEventCorrelator } from './event-correlator';

/** Tells people what happens to an object. */
export interface EventRecorder {
  /** Never waits and never fails: when too much is to be said, it is dropped. */
  event(about: KubeObject | ObjectReference, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Writes what was recorded, until aborted. */
  readonly run: Run;
}

export interface EventRecorderDeps {
  readonly client: Client;
  readonly log: Logger;
  readonly clock?: Clock;
  /** `source.component`: `kubelet`, `replicaset-controller`. */
  readonly component: string;
  /** `source.host`: the node a component speaks for. */
  readonly host?: string;
}

/** Events waiting to be written. */
const maxWaiting = 1000;
const maxMessageLength = 1024;
const maxAttempts = 12;
const retryBackoff = { initialMs: 1000, maxMs: 10_000, jitter: 0.5 } as const;

/** Records core/v1 events, counted and aggregated as client-go's recorder does. */
export function newEventRecorder(deps: EventRecorderDeps): EventRecorder {
  const { clock = systemClock, log } = deps;
  const waiting: Occurred[] = [];
  let wake: (() => void) | undefined;
  const writer = new EventWriter(deps, clock);

  return {
    event(about, type, reason, message) {
      if (waiting.length >= maxWaiting) {
        log.v(2).info('Dropped an event: too many are waiting', { reason, message });
        return;
      }
      waiting.push({
        about: referenceOf(about),
        type,
        reason,
        message: message.slice(0, maxMessageLength),
        atMs: clock.now(),
      });
      wake?.();
    },
    async run(signal) {
      using _ = onAbort(signal, () => wake?.());
      while (!signal.aborted) {
        const next = waiting.shift();
        if (next) await writer.write(next, signal);
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

interface Occurred {
  readonly about: ObjectReference;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
}

/** What an event is about, as its involvedObject says it. */
export function referenceOf(about: KubeObject | ObjectReference): ObjectReference {
  if (!('metadata' in about)) return about;
  const { apiVersion, kind, metadata } = about;
  const { name, namespace, uid, resourceVersion } = metadata;
  return { kind, ...(namespace && { namespace }), name, uid, apiVersion, resourceVersion };
}

class EventWriter {
  readonly #deps: EventRecorderDeps;
  readonly #clock: Clock;
  readonly #correlate = newEventCorrelator();
  /** Events written before, by correlation key. */
  readonly #written = newBoundedMap<Event>(4096);

  constructor(deps: EventRecorderDeps, clock: Clock) {
    this.#deps = deps;
    this.#clock = clock;
  }

  async write(occurred: Occurred, signal: AbortSignal): Promise<void> {
    const { about, atMs, ...what } = occurred;
    const { namespace, kind, name, uid } = about;
    const object = JSON.stringify([namespace, kind, name, uid]);
    const correlated = this.#correlate({ object, ...what }, atMs);
    if (!correlated) return;
    const { key, message } = correlated;
    const backoff = newBackoff(retryBackoff);
    for (let attempt = 1; ; attempt++) {
      try {
        this.#written.set(key, await this.#store({ ...occurred, message }, this.#written.get(key), signal));
        return;
      } catch (err) {
        if (signal.aborted || isRefused(err) || attempt === maxAttempts) {
          const error = err instanceof Error ? err.message : String(err);
          this.#deps.log.v(2).info('Could not write an event', { reason: occurred.reason, error });
          return;
        }
        await this.#clock.sleep(backoff.next(), signal);
      }
    }
  }

  async #store(occurred: Occurred, before: Event | undefined, signal: AbortSignal): Promise<Event> {
    const resource = this.#deps.client.resource(events);
    if (before) {
      try {
        const body = {
          count: (before.count ?? 1) + 1,
          lastTimestamp: timestamp(occurred.atMs),
          message: occurred.message,
        };
        return await resource.patch(before.metadata, { type: 'strategic', body }, signal);
      } catch (err) {
        if (!is('NotFound', err)) throw err;
        // It has outlived its time to live: say it anew.
      }
    }
    return await resource.create(this.#draft(occurred), signal);
  }

  #draft({ about, type, reason, message, atMs }: Occurred): Draft<Event> {
    const { component, host } = this.#deps;
    const at = timestamp(atMs);
    // A name that no other event of the object has: the time, in hexadecimal nanoseconds, made unique by the clock's fraction.
    const suffix = (BigInt(Math.floor(atMs)) * 1_000_000n + BigInt(Math.floor(Math.random() * 1_000_000))).toString(16);
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${about.name ?? ''}.${suffix}`, namespace: about.namespace ?? 'default' },
      involvedObject: about,
      type,
      reason,
      message,
      source: { component, ...(host && { host }) },
      reportingComponent: component,
      reportingInstance: host ?? '',
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    };
  }
}

/** The server will not take this event however often it is asked: the namespace is ending, or the event is not valid. */
function isRefused(err: unknown): boolean {
  return (
    is('Forbidden', err) ||
    is('Invalid', err) ||
    is('NotFound', err) ||
    is('AlreadyExists', err) ||
    is('BadRequest', err)
  );
}
