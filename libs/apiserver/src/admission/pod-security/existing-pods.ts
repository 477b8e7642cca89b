import type { Pod } from '@kubephant/schema';
import { reasonsText, standardText, violations, type Standard } from './standard';

/** How many pods of a namespace are looked at: a warning is not worth more. */
const mostPods = 3000;

/**
 * What is wrong with the pods of a namespace by a standard that is new to it: each reason once, with who gives it.
 * Pods of exempt runtime classes may do anything.
 */
export function podWarnings(
  namespace: string,
  all: readonly Pod[],
  enforce: Standard,
  exempt: readonly string[],
): readonly string[] {
  const pods = differentFirst(all.filter(({ spec }) => !exempt.includes(spec.runtimeClassName ?? '')));
  const byReason = new Map<string, string[]>();
  for (const pod of pods.slice(0, mostPods)) {
    const found = violations(enforce, pod);
    if (found.length === 0) continue;
    const reason = reasonsText(found);
    byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name]);
  }
  const standard = JSON.stringify(standardText(enforce));
  const unseen =
    pods.length > mostPods
      ? [`new PodSecurity enforce level only checked against the first ${mostPods} of ${pods.length} existing pods`]
      : [];
  if (byReason.size === 0) return unseen;
  const name = JSON.stringify(namespace);
  const lines = [...byReason].map(([reason, names]) => `${namesText(names)}: ${reason}`).sort();
  return [
    ...unseen,
    `existing pods in namespace ${name} violate the new PodSecurity enforce level ${standard}`,
    ...lines,
  ];
}

/** Of the pods of one controller, which are alike, the first before all others of any. */
function differentFirst(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const isFirst = ({ metadata }: Pod): boolean => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    if (owner === undefined) return true;
    if (seen.has(owner)) return false;
    seen.add(owner);
    return true;
  };
  const { first = [], later = [] } = Object.groupBy(pods, (pod) => (isFirst(pod) ? 'first' : 'later'));
  return [...first, ...later];
}

function namesText(names: readonly string[]): string {
  const [first = ''] = [...names].sort();
  const others = names.length - 1;
  return others === 0 ? first : `${first} (and ${others} other ${others === 1 ? 'pod' : 'pods'})`;
}
