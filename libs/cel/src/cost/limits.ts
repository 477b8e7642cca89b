import type { Range } from './range';

/** What a rule of a CRD may cost, and all rules of a schema together, at most by estimate. */
export const ruleCostLimit = 10_000_000;
export const schemaCostLimit = 100_000_000;

function factorOf(cost: number, limit: number): string {
  const factor = cost / limit;
  if (factor > 100) return 'more than 100x';
  return factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
}

const advice =
  'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared';

/**
 * Upstream's message when an estimate is over its limit, else undefined. `name` is `estimated rule cost`,
 * `estimated messageExpression cost` or {@link schemaCostName}.
 */
export function costProblem(name: string, cost: number, limit: number): string | undefined {
  if (cost <= limit) return undefined;
  return `${name} exceeds budget by factor of ${factorOf(cost, limit)} (${advice})`;
}

export const schemaCostName = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';

/** What a rule costs where it stands: so many times as its schema may occur in an object. */
export const costOfRule = (cost: Range, cardinality: number): number => (cost.max === 0 ? 0 : cost.max * cardinality);
