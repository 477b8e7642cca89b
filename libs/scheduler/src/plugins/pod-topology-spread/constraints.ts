import { fromLabelSelector, newSelector, type Selector } from '@kubephant/api';
import type { Pod, TopologySpreadConstraint } from '@kubephant/schema';
import type { NodeInfo } from '../../framework/node-info';
import { matchesRequiredAffinity } from '@kubephant/component-helpers';
import { isKeptOff } from '../taint-toleration/taint-toleration';

/** One constraint of a pod, ready to be asked. */
export interface Constraint {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Whether the node counts as one the pod might be on. */
  includes(info: NodeInfo): boolean;
}

export function constraintsOf(pod: Pod, whenUnsatisfiable: string): readonly Constraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter((one) => one.whenUnsatisfiable === whenUnsatisfiable)
    .map((one) => constraint(pod, one));
}

function constraint(pod: Pod, one: TopologySpreadConstraint): Constraint {
  const { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = one;
  return {
    key: one.topologyKey,
    maxSkew: one.maxSkew,
    minDomains: one.minDomains ?? 1,
    selector: selectorOf(pod, one),
    includes: ({ node }) =>
      (nodeAffinityPolicy === 'Ignore' || matchesRequiredAffinity(pod, node)) &&
      (nodeTaintsPolicy === 'Ignore' || !isKeptOff(pod, node)),
  };
}

/** With `matchLabelKeys` only pods count that agree with this one on these labels (KEP-3243). */
function selectorOf(
  { metadata: { labels = {} } }: Pod,
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
): Selector {
  const selector = fromLabelSelector(labelSelector);
  const same = matchLabelKeys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator: 'in' as const, values: [value] }];
  });
  return same.length === 0 || labelSelector === undefined ? selector : newSelector([...selector.requirements, ...same]);
}

/** Pods on the node that the constraint counts; those on their way out do not. */
export function matching({ selector }: Constraint, pod: Pod, { pods }: NodeInfo): number {
  let count = 0;
  for (const { metadata } of pods.values()) {
    const counts = metadata.namespace === pod.metadata.namespace && metadata.deletionTimestamp === undefined;
    if (counts && selector.matches(metadata.labels)) count++;
  }
  return count;
}

export const domainOf = ({ key }: Constraint, { node }: NodeInfo): string | undefined => node.metadata.labels?.[key];

/** For each constraint, how many pods each domain has; only nodes that are in a domain of every one are looked at. */
export function countDomains(
  constraints: readonly Constraint[],
  pod: Pod,
  nodes: readonly NodeInfo[],
): readonly ReadonlyMap<string, number>[] {
  const counts = constraints.map(() => new Map<string, number>());
  if (constraints.length === 0) return counts;
  for (const info of nodes) {
    const domains = constraints.map((one) => domainOf(one, info));
    if (domains.includes(undefined)) continue;
    constraints.forEach((one, i) => {
      const domain = domains[i] ?? '';
      if (one.includes(info)) counts[i]?.set(domain, (counts[i].get(domain) ?? 0) + matching(one, pod, info));
    });
  }
  return counts;
}
