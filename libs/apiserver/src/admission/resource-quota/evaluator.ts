import { Quantity, type KubeObject } from '@kubephant/api';
import type { ScopedResourceSelectorRequirement } from '@kubephant/schema';
import type { Attributes } from '@kubephant/serving';
import type { Amounts } from '../amounts';

/** How objects of one resource count against quotas. */
export interface Evaluator {
  /** Whether the write can change what is used. */
  handles(attributes: Attributes): boolean;
  /** Whether a limit of this name is about such objects. */
  counts(name: string): boolean;
  /** Whether the object is in the scope. */
  isIn(scope: ScopedResourceSelectorRequirement, obj: KubeObject): boolean;
  /** What an object must say but does not, where these are limited; undefined: nothing. */
  missing?(limited: readonly string[], obj: KubeObject): string | undefined;
  usage(obj: KubeObject): Amounts;
}

export const one: Quantity = Quantity.of(1);

export const isWhole = ({ info }: Attributes): boolean => info.subresource === undefined;

/** Names of resources that quotas counted before everything could be counted. */
const aliases: ReadonlySet<string> = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas']);

/** `count/deployments.apps`: how many there are of what the store calls `resource`. */
export const countName = (resource: string): string => `count/${resource}`;

/** Counts how many there are. */
export function objectCount(resource: string): Evaluator {
  const names = [countName(resource), ...(aliases.has(resource) ? [resource] : [])];
  const usage: Amounts = new Map(names.map((name) => [name, one] as const));
  return {
    handles: (attributes) => attributes.operation === 'CREATE' && isWhole(attributes),
    counts: (name) => names.includes(name),
    isIn: () => false,
    usage: () => usage,
  };
}
