import { timestamp } from '@kubephant/api';
import type { NamespaceCondition } from '@kubephant/schema';

/** What stands between a namespace and its end. */
export interface Obstacles {
  /** Why not everything that might be in it is known. */
  readonly discovery: readonly string[];
  /** Why something could not be deleted. */
  readonly content: readonly string[];
  /** Objects still there, by `resource.group`. */
  readonly remaining: ReadonlyMap<string, number>;
  /** Finalizers those objects wait for, with how often. */
  readonly finalizers: ReadonlyMap<string, number>;
}

interface Kind {
  readonly type: string;
  readonly reason: string;
  readonly fine: readonly [reason: string, message: string];
  message(obstacles: Obstacles): string;
}

const listed = (counts: ReadonlyMap<string, number>, line: (name: string, count: number) => string): string =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => line(name, count))
    .join(', ');

/** Every condition of a terminating namespace; an empty message means that it does not hold. */
const kinds: readonly Kind[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    reason: 'DiscoveryFailed',
    fine: ['ResourcesDiscovered', 'All resources successfully discovered'],
    message: ({ discovery }) =>
      discovery.length > 0
        ? `Discovery failed for some groups, ${discovery.length} failing: ${discovery.join(', ')}`
        : '',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    reason: 'GroupVersionParsingFailed',
    fine: ['ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    message: () => '',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    reason: 'ContentDeletionFailed',
    fine: ['ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    message: ({ content }) =>
      content.length > 0
        ? `Failed to delete all resource types, ${content.length} remaining: ${content.join(', ')}`
        : '',
  },
  {
    type: 'NamespaceContentRemaining',
    reason: 'SomeResourcesRemain',
    fine: ['ContentRemoved', 'All content successfully removed'],
    message: ({ remaining }) =>
      remaining.size > 0
        ? `Some resources are remaining: ${listed(remaining, (name, count) => `${name} has ${count} resource instances`)}`
        : '',
  },
  {
    type: 'NamespaceFinalizersRemaining',
    reason: 'SomeFinalizersRemain',
    fine: ['ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
    message: ({ finalizers }) =>
      finalizers.size > 0
        ? `Some content in the namespace has finalizers remaining: ${listed(finalizers, (name, count) => `${name} in ${count} resource instances`)}`
        : '',
  },
];

/** The conditions as they are now; one that says the same as before keeps its time. */
export function conditionsOf(
  before: readonly NamespaceCondition[],
  obstacles: Obstacles,
  nowMs: number,
): NamespaceCondition[] {
  const ours = kinds.map((kind): NamespaceCondition => {
    const message = kind.message(obstacles);
    const next = message
      ? { type: kind.type, status: 'True', reason: kind.reason, message }
      : { type: kind.type, status: 'False', reason: kind.fine[0], message: kind.fine[1] };
    const known = before.find(({ type }) => type === kind.type);
    const lastTransitionTime =
      known?.status === next.status && known.lastTransitionTime ? known.lastTransitionTime : timestamp(nowMs);
    return { ...next, lastTransitionTime };
  });
  return [...before.filter(({ type }) => !kinds.some((kind) => kind.type === type)), ...ours];
}
