import type { Quantity } from '@kubephant/api';
import type { Container, Pod } from '@kubephant/schema';
import { amountsOf, sum, type Amounts } from '../amounts';
import { podUsage } from '../pod-resources';
import { countName, isWhole, one, type Evaluator } from './evaluator';
import { isPodIn } from './scopes';

const computed = ['cpu', 'memory', 'ephemeral-storage'];
const podNames = new Set([
  countName('pods'),
  'pods',
  ...computed,
  ...computed.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);

/** What every container has to state where it is limited: a mistake that cannot be undone, and is not made again. */
const demanded = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

const isExtended = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/');

/** What is counted of what a container or a pod asks for and may use, by the names that quotas have for it. */
function counted(requests: Amounts, limits: Amounts): Amounts {
  const requested = [...requests].flatMap(([name, amount]): (readonly [string, Quantity])[] => {
    if (isExtended(name)) return [[`requests.${name}`, amount]];
    if (!computed.includes(name) && !name.startsWith('hugepages-')) return [];
    return [
      [name, amount],
      [`requests.${name}`, amount],
    ];
  });
  const limited = [...limits].flatMap(([name, amount]) =>
    computed.includes(name) ? [[`limits.${name}`, amount] as const] : [],
  );
  return new Map([...requested, ...limited]);
}

const namesSet = (resources: Container['resources']): ReadonlySet<string> =>
  new Set(counted(amountsOf(resources?.requests), amountsOf(resources?.limits)).keys());

/** Pods that have ended, or had their time to, use nothing any more. */
function isLive({ metadata, status }: Pod, nowMs: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = metadata;
  if (deletionTimestamp === undefined || grace === undefined) return true;
  return nowMs < Date.parse(deletionTimestamp) + grace * 1000;
}

/** Pods count by number and by what they ask for. */
export const pods = (now: () => number): Evaluator => ({
  handles: (attributes) =>
    attributes.operation === 'CREATE'
      ? isWhole(attributes)
      : attributes.operation === 'UPDATE' && attributes.info.subresource === 'resize',
  counts: (name) =>
    podNames.has(name) || /^(requests\.)?hugepages-/.test(name) || (name.startsWith('requests.') && isExtended(name)),
  isIn: isPodIn,
  missing(limited, obj) {
    const { spec } = obj as unknown as Pod;
    const stated = namesSet(spec.resources);
    const required = demanded.filter((name) => limited.includes(name) && !stated.has(name));
    const lines = required.sort().flatMap((name) => {
      const silent = [...spec.containers, ...(spec.initContainers ?? [])].filter(
        ({ resources }) => !namesSet(resources).has(name),
      );
      const names = [...new Set(silent.map((container) => container.name))].sort();
      return names.length > 0 ? [`${name} for: ${names.join(',')}`] : [];
    });
    return lines.length > 0 ? `must specify ${lines.join('; ')}` : undefined;
  },
  usage(obj) {
    const pod = obj as unknown as Pod;
    const count: Amounts = new Map([[countName('pods'), one]]);
    if (!isLive(pod, now())) return count;
    const used = counted(podUsage(pod, 'requests'), podUsage(pod, 'limits'));
    return sum(count, new Map([...used, ['pods', one]]));
  },
});
