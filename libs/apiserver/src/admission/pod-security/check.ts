import type { ObjectMeta } from '@kubephant/api';
import type { Container, PodSpec } from '@kubephant/schema';

/** What a check looks at: a pod, or what would become one. */
export interface PodLike {
  readonly metadata: Pick<ObjectMeta, 'annotations'>;
  readonly spec: PodSpec;
}

/** What a standard forbids and this pod does. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of the Pod Security Standards, in the form it has from a minor version on. */
export interface Check {
  readonly id: string;
  /** Minor versions of Kubernetes 1 from which a form of the rule holds, ascending. */
  readonly versions: readonly (readonly [since: number, check: CheckPod])[];
  /** Rules of the level below that say less of the same, by the version since when. */
  readonly overrides?: readonly string[];
}

export type CheckPod = (pod: PodLike) => Violation | undefined;

/** All containers, in the order they may start: what they may not do is the same for all. */
export const containersOf = ({ spec }: PodLike): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...((spec.ephemeralContainers ?? []) as readonly Container[]),
];

export const namesWhere = (pod: PodLike, matches: (container: Container) => boolean): readonly string[] =>
  containersOf(pod)
    .filter(matches)
    .map(({ name }) => name);

export const joinQuote = (items: Iterable<string>): string => [...items].map((item) => `"${item}"`).join(', ');

export const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort();

export const plural = (one: string, { length }: { readonly length: number }, many = `${one}s`): string =>
  length === 1 ? one : many;

export const containersText = (names: readonly string[]): string => `${plural('container', names)} ${joinQuote(names)}`;

/** `pod and containers "a", "b"`: who sets what may not be set; empty: nobody. */
export const settersText = (pod: boolean, names: readonly string[], others: readonly string[] = []): string =>
  [...(pod ? ['pod'] : []), ...(names.length > 0 ? [containersText(names)] : []), ...others].join(' and ');

/** A violation if there is something to say. */
export const violation = (reason: string, detail: string): Violation | undefined =>
  detail === '' ? undefined : { reason, detail };

export const isWindows = ({ spec }: PodLike): boolean => spec.os?.name === 'windows';

/** The same rule, but not for pods of Windows, where it means nothing. */
export const exceptWindows =
  (check: CheckPod): CheckPod =>
  (pod) =>
    isWindows(pod) ? undefined : check(pod);

/** The same rule, but not for pods in a user namespace of their own. */
export const exceptUserNamespaces =
  (check: CheckPod): CheckPod =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : check(pod);
