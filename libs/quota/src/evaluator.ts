import { Quantity, type KubeObject } from '@kubephant/api';
import type { ScopedResourceSelectorRequirement } from '@kubephant/schema';
import type { Amounts } from './amounts';

/** How objects of one resource count against quotas. */
export interface Evaluator {
  /** Whether a limit of this name is about such objects. */
  counts(name: string): boolean;
  /** Whether the object is in the scope. */
  isIn(scope: ScopedResourceSelectorRequirement, obj: KubeObject): boolean;
  usage(obj: KubeObject): Amounts;
}

export const one: Quantity = Quantity.of(1);

/** Names of resources that quotas counted before everything could be counted. */
export const aliases: ReadonlySet<string> = new Set([
  'configmaps',
  'secrets',
  'replicationcontrollers',
  'resourcequotas',
]);

const countPrefix = 'count/';

/** `count/deployments.apps`: how many there are of what the store calls `resource`. */
export const countName = (resource: string): string => countPrefix + resource;

/** The resource whose objects a limit of this name counts; undefined where it is about something else of them. */
export function countedBy(name: string): string | undefined {
  if (name.startsWith(countPrefix)) return name.slice(countPrefix.length);
  return aliases.has(name) ? name : undefined;
}

/** Counts how many there are. */
export function objectCount(resource: string): Evaluator {
  const names = [countName(resource), ...(aliases.has(resource) ? [resource] : [])];
  const usage: Amounts = new Map(names.map((name) => [name, one] as const));
  return {
    counts: (name) => names.includes(name),
    isIn: () => false,
    usage: () => usage,
  };
}
