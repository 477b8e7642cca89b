import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '@kubephant/schema';

type Values = Readonly<Record<string, string>>;
type Test = (value: string | undefined, wanted: readonly string[]) => boolean;

const asNumber = (text: string | undefined): number =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : NaN;
const operators: Readonly<Record<string, Test>> = {
  In: (value, wanted) => value !== undefined && wanted.includes(value),
  NotIn: (value, wanted) => value === undefined || !wanted.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
  Gt: (value, [limit]) => asNumber(value) > asNumber(limit),
  Lt: (value, [limit]) => asNumber(value) < asNumber(limit),
};

/** The pod's nodeSelector and required node affinity. */
export function matchesSelector({ spec }: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  if (Object.entries(spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = metadata.labels ?? {};
  const fields = { 'metadata.name': metadata.name };
  return matchExpressions.every((one) => holds(one, labels)) && matchFields.every((one) => holds(one, fields));
}

function holds({ key, operator, values = [] }: NodeSelectorRequirement, found: Values): boolean {
  const test = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  return test?.(Object.hasOwn(found, key) ? found[key] : undefined, values) ?? false;
}
