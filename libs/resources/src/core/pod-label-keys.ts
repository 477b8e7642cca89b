import type { LabelSelector, Pod, PodAffinity, PodAffinityTerm } from '@kubephant/schema';

type Operator = 'In' | 'NotIn';

/** Adds to the selector what the pod's own labels say of the keys (KEP-3633). Keys the pod does not have are skipped. */
function addKeys(selector: LabelSelector, keys: readonly string[] | undefined, operator: Operator, pod: Pod): void {
  const labels = pod.metadata.labels ?? {};
  const found = (keys ?? []).filter((key) => Object.hasOwn(labels, key));
  const added = found.map((key) => ({ key, operator, values: [labels[key] ?? ''] }));
  if (added.length > 0) selector.matchExpressions = [...(selector.matchExpressions ?? []), ...added];
}

const termsOf = (affinity: PodAffinity): readonly PodAffinityTerm[] => [
  ...(affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []),
  ...(affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
];

function addTerm(term: PodAffinityTerm, pod: Pod): void {
  if (!term.labelSelector) return;
  addKeys(term.labelSelector, term.matchLabelKeys, 'In', pod);
  addKeys(term.labelSelector, term.mismatchLabelKeys, 'NotIn', pod);
}

/** Makes `matchLabelKeys` part of the selectors they belong to, when the pod is created. */
export function applyLabelKeys(pod: Pod): void {
  const { affinity, topologySpreadConstraints } = pod.spec;
  for (const part of [affinity?.podAffinity, affinity?.podAntiAffinity]) {
    for (const term of part ? termsOf(part) : []) addTerm(term, pod);
  }
  for (const constraint of topologySpreadConstraints ?? []) {
    if (constraint.labelSelector) addKeys(constraint.labelSelector, constraint.matchLabelKeys, 'In', pod);
  }
}
