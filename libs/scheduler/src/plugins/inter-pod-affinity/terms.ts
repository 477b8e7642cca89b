import { fromLabelSelector } from '@kubephant/api';
import type { Pod, PodAffinityTerm } from '@kubephant/schema';
import type { NodeInfo } from '../../framework/node-info';

/** Labels of a namespace; undefined when it is not known. */
export type NamespaceLabels = (name: string) => Readonly<Record<string, string>> | undefined;

/** A term of a pod's affinity, ready to be asked about other pods. */
export interface Term {
  readonly key: string;
  /** 1 for one that is required. */
  readonly weight: number;
  matches(other: Pod): boolean;
}

/** Terms mean pods of the same namespace, unless they name others or select them by labels. */
function term(owner: Pod, one: PodAffinityTerm, weight: number, labelsOf: NamespaceLabels): Term {
  const selector = fromLabelSelector(one.labelSelector);
  const own = one.namespaces?.length || one.namespaceSelector ? [] : [owner.metadata.namespace ?? ''];
  const named = new Set([...(one.namespaces ?? []), ...own]);
  const selected = one.namespaceSelector && fromLabelSelector(one.namespaceSelector);
  return {
    key: one.topologyKey,
    weight,
    matches({ metadata: { namespace = '', labels } }) {
      const meant = named.has(namespace) || selected?.matches(labelsOf(namespace) ?? {});
      return meant === true && selector.matches(labels);
    },
  };
}

export interface PodTerms {
  readonly affinity: readonly Term[];
  readonly antiAffinity: readonly Term[];
  /** Weights of anti-affinity are negative. */
  readonly preferred: readonly Term[];
}

export function termsOf(pod: Pod, labelsOf: NamespaceLabels): PodTerms {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const required = (terms: readonly PodAffinityTerm[] = []): Term[] => terms.map((one) => term(pod, one, 1, labelsOf));
  return {
    affinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    antiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
        term(pod, podAffinityTerm, weight, labelsOf),
      ),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
        term(pod, podAffinityTerm, -weight, labelsOf),
      ),
    ],
  };
}

/** Numbers by domain: a topology key and the value that nodes have for it. */
export interface DomainCounts {
  /** The weight of each term to the domain of its key that the node is in, if it is in one. */
  add(terms: readonly Term[], info: NodeInfo): void;
  at(key: string, info: NodeInfo): number;
  readonly entries: readonly (readonly [key: string, ReadonlyMap<string, number>])[];
}

export function newDomainCounts(): DomainCounts {
  const counts = new Map<string, Map<string, number>>();
  return {
    add(terms, info) {
      for (const { key, weight } of terms) {
        const domain = info.node.metadata.labels?.[key];
        if (domain === undefined) continue;
        const known = counts.get(key) ?? new Map<string, number>();
        known.set(domain, (known.get(domain) ?? 0) + weight);
        counts.set(key, known);
      }
    },
    at: (key, info) => counts.get(key)?.get(info.node.metadata.labels?.[key] ?? '') ?? 0,
    get entries() {
      return [...counts];
    },
  };
}
