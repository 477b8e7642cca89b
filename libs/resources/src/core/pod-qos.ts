import { Quantity } from '@kubephant/api';
import type { Pod, PodSpec, ResourceRequirements } from '@kubephant/schema';

type Class = 'Guaranteed' | 'Burstable' | 'BestEffort';
const computed = ['cpu', 'memory'] as const;

const amountOf = (amounts: Readonly<Record<string, string>> | undefined, name: string): Quantity =>
  Quantity.parse(amounts?.[name] ?? '0');

const asksNothing = ({ requests, limits }: ResourceRequirements): boolean =>
  computed.every((name) => amountOf(requests, name).sign <= 0 && amountOf(limits, name).sign <= 0);

/** Whether limits are set for both, and requests, where given, are the same. */
const isGuaranteed = ({ requests, limits }: ResourceRequirements): boolean =>
  computed.every((name) => {
    const limit = amountOf(limits, name);
    return limit.sign > 0 && (requests?.[name] === undefined || amountOf(requests, name).equals(limit));
  });

/** Quality of service: how sure a pod is of its cpu and memory. Resources of the pod as a whole come first. */
export function qosClass({ resources, containers, initContainers = [] }: PodSpec): Class {
  const all = resources ? [resources] : [...containers, ...initContainers].map((c) => c.resources ?? {});
  if (all.every(asksNothing)) return 'BestEffort';
  return all.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

/** The class a pod has: the one it was given, or the one it would be given. */
export const qosOf = (pod: Pod): string => pod.status?.qosClass ?? qosClass(pod.spec);
