import type { ResourceList } from '@kubephant/quota';
import type { Container, LimitRange, LimitRangeItem, Pod } from '@kubephant/schema';

const annotation = 'kubernetes.io/limit-ranger';

/** What a range says; a stored one may say null. */
export const itemsOf = ({ spec }: LimitRange): readonly LimitRangeItem[] =>
  [spec.limits as LimitRangeItem[] | null].flatMap((items) => items ?? []);

/** Gives the containers of a pod what a range says they have where they say nothing, and notes what that was. */
export function setDefaults(pod: Pod, range: LimitRange): void {
  const items = itemsOf(range).filter(({ type }) => type === 'Container');
  const requests = together(items.map(({ defaultRequest }) => defaultRequest));
  const limits = together(items.map((item) => item.default));
  const complete = (container: Container, what: string): readonly string[] => [
    ...noted(fill(container, 'requests', requests), `request for ${what} ${container.name}`),
    ...noted(fill(container, 'limits', limits), `limit for ${what} ${container.name}`),
  ];
  const notes = [
    ...pod.spec.containers.flatMap((container) => complete(container, 'container')),
    ...(pod.spec.initContainers ?? []).flatMap((container) => complete(container, 'init container')),
  ];
  if (notes.length === 0) return;
  const text = `LimitRanger plugin set: ${notes.join('; ')}`;
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: text };
}

const together = (lists: readonly (ResourceList | undefined)[]): ResourceList =>
  Object.fromEntries(lists.flatMap((list) => Object.entries(list ?? {})));

const noted = (names: readonly string[], what: string): readonly string[] =>
  names.length > 0 ? [`${names.join(', ')} ${what}`] : [];

/** Returns the names of what was missing, in order. */
function fill(container: Container, kind: 'requests' | 'limits', defaults: ResourceList): readonly string[] {
  const given = container.resources?.[kind] ?? {};
  const missing = Object.keys(defaults)
    .filter((name) => !Object.hasOwn(given, name))
    .sort();
  if (missing.length === 0) return missing;
  container.resources = { ...container.resources, [kind]: { ...defaults, ...given } };
  return missing;
}
