import { fromSet, newSelector, selectorOperators, type Requirement } from '@kubephant/api';
import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '@kubephant/schema';

/** core/v1 NodeSelector: any of its terms must match; a term without expressions matches nothing. */
export function matchesNodeSelector(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** All expressions of the term, over the node's labels and (only) its name as the field metadata.name. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchesAll(matchExpressions, node.metadata.labels ?? {}) &&
    matchesAll(matchFields, { 'metadata.name': node.metadata.name })
  );
}

function matchesAll(
  expressions: readonly NodeSelectorRequirement[],
  labels: Readonly<Record<string, string>>,
): boolean {
  const requirements = expressions.flatMap(({ key, operator, values = [] }): Requirement[] => {
    const known = selectorOperators[operator];
    return known ? [{ key, operator: known, values }] : [];
  });
  // An operator nobody knows matches nothing: validation keeps such selectors out.
  return requirements.length === expressions.length && newSelector(requirements).matches(labels);
}

/** Whether the node has what the pod's `nodeSelector` and required node affinity ask for. */
export function matchesRequiredAffinity({ spec }: Pod, node: Node): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const selected = !spec.nodeSelector || fromSet(spec.nodeSelector).matches(node.metadata.labels);
  return selected && (!required || matchesNodeSelector(required, node));
}
