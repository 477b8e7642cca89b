import type { Quantity } from '@kubephant/api';
import type { Container, Pod } from '@kubephant/schema';
import { amountsOf, sum, type Amounts } from './amounts';
import { podUsage } from './pod-resources';
import { countName, one, type Evaluator } from './evaluator';
import { isPodIn } from './scopes';

const computed = ['cpu', 'memory', 'ephemeral-storage'];
const podNames = new Set([
  countName('pods'),
  'pods',
  ...computed,
  ...computed.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);

/** What limits of what pods ask for begin with. */
export const requestsPrefix = 'requests.';
const isForeign = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/');

/** Devices of a class that pods ask for as if they were a resource of its nodes. */
export const ofDeviceClass = 'deviceclass.resource.kubernetes.io/';

const isExtended = (name: string): boolean =>
  (isForeign(name) && !name.startsWith(requestsPrefix)) || name.startsWith(ofDeviceClass);

/** Whether a limit of this name is about a resource that nodes have besides those of Kubernetes. */
export const limitsExtended = (name: string): boolean =>
  name.startsWith(requestsPrefix) && (isForeign(name) || name.startsWith(requestsPrefix + ofDeviceClass));

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

/** The names of what is counted that a container, or a pod as a whole, says how much it wants of. */
export const statedBy = (resources: Container['resources']): ReadonlySet<string> =>
  new Set(counted(amountsOf(resources?.requests), amountsOf(resources?.limits)).keys());

/** Pods that have ended, or had their time to, use nothing any more. */
function isLive({ metadata, status }: Pod, nowMs: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds: grace } = metadata;
  if (deletionTimestamp === undefined || grace === undefined) return true;
  return nowMs < Date.parse(deletionTimestamp) + grace * 1000;
}

/** Pods count by number and by what they ask for. `now` is in milliseconds since the epoch. */
export const pods = (now: () => number): Evaluator => ({
  counts: (name) => podNames.has(name) || /^(requests\.)?hugepages-/.test(name) || limitsExtended(name),
  isIn: isPodIn,
  usage(obj) {
    const pod = obj as unknown as Pod;
    const count: Amounts = new Map([[countName('pods'), one]]);
    if (!isLive(pod, now())) return count;
    const used = counted(podUsage(pod, 'requests'), podUsage(pod, 'limits'));
    return sum(count, new Map([...used, ['pods', one]]));
  },
});
