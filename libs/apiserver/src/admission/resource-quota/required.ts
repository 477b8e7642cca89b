import type { KubeObject } from '@kubephant/api';
import { statedBy } from '@kubephant/quota';
import type { Pod } from '@kubephant/schema';

/** What every container has to state where it is limited: a mistake that cannot be undone, and is not made again. */
const demanded = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** What containers must say but do not, where these are limited. A pod that speaks for all of them is asked nothing. */
export function missingOf(limited: readonly string[], obj: KubeObject): string | undefined {
  const { spec } = obj as unknown as Pod;
  if (statedBy(spec.resources).size > 0) return undefined;
  const lines = demanded
    .filter((name) => limited.includes(name))
    .sort()
    .flatMap((name) => {
      const silent = [...spec.containers, ...(spec.initContainers ?? [])].filter(
        ({ resources }) => !statedBy(resources).has(name),
      );
      const names = [...new Set(silent.map((container) => container.name))].sort();
      return names.length > 0 ? [`${name} for: ${names.join(',')}`] : [];
    });
  return lines.length > 0 ? `must specify ${lines.join('; ')}` : undefined;
}
