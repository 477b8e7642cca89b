import type { Pod, Service } from '@kubephant/schema';
import { conditionOf } from './pods';

/** On what is written because of a change: when that was, so that proxies can tell how long it took to reach them. */
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

/** Remembers what was told of each service, by `namespace/name`. */
export interface TriggerTimes {
  /**
   * The earliest change since the last call: of the service's creation and of its pods' readiness. Undefined when nothing
   * of that changed, as when a pod went. To be called once for each sync.
   */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined;
  forget(key: string): void;
}

interface Told {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/** Times are RFC 3339 in whole seconds and UTC, as the API writes them: those compare as text. */
export function newTriggerTimes(): TriggerTimes {
  const told = new Map<string, Told>();
  return {
    next(key, { metadata: { creationTimestamp = '' } }, pods) {
      const before = told.get(key);
      const readiness = new Map(pods.map((pod) => [pod.metadata.name, readyChangedAt(pod)]));
      told.set(key, { service: creationTimestamp, pods: readiness });
      // Nothing is known of what pods were before: the service is what is new.
      if (!before) return creationTimestamp || undefined;
      const changed = [...readiness].filter(([name, at]) => at > (before.pods.get(name) ?? '')).map(([, at]) => at);
      if (creationTimestamp > before.service) changed.push(creationTimestamp);
      return changed.sort()[0];
    },
    forget: (key) => void told.delete(key),
  };
}

const readyChangedAt = (pod: Pod): string => conditionOf(pod, 'Ready')?.lastTransitionTime ?? '';

/** `annotations` with the time in them, or without any. */
export function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined,
  at: string | undefined,
): Record<string, string> | undefined {
  const { [triggerTimeAnnotation]: _, ...others } = annotations ?? {};
  const next = at === undefined ? others : { ...others, [triggerTimeAnnotation]: at };
  return Object.keys(next).length > 0 ? next : undefined;
}
