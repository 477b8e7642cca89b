import type { Container, ContainerStatus, Pod, PodSpec } from '@kubephant/schema';
import { amountsOf, largest, noAmounts, only, sum, type Amounts } from './amounts';

type Kind = 'requests' | 'limits';

/** How much one container counts for. */
export type AmountsOfContainer = (container: Container, kind: Kind) => Amounts;

export const asSpecified: AmountsOfContainer = ({ resources }, kind) => amountsOf(resources?.[kind]);

/** What a pod as a whole may state besides its containers. */
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/**
 * What the containers of a pod need together: those that run side by side add up, one that runs to its end before them
 * counts with the sidecars that were started before it. What the pod states as a whole takes precedence.
 */
export function podAmounts(spec: PodSpec, kind: Kind, amountsOfContainer: AmountsOfContainer = asSpecified): Amounts {
  let running = spec.containers.reduce((total, c) => sum(total, amountsOfContainer(c, kind)), noAmounts);
  let sidecars = noAmounts;
  let starting = noAmounts;
  for (const container of spec.initContainers ?? []) {
    const own = amountsOfContainer(container, kind);
    const beside = sum(own, sidecars);
    if (container.restartPolicy === 'Always') {
      running = sum(running, own);
      sidecars = beside;
    }
    starting = largest(starting, beside);
  }
  const ofPod = amountsOf(spec.resources?.[kind]);
  return new Map([...largest(running, starting), ...only(ofPod, new Set([...ofPod.keys()].filter(isPodLevel)))]);
}

/**
 * What a pod may use, running as it does: a container that is being resized counts with the larger of what it has and
 * what it is to have, and the overhead of its runtime counts, for limits only where there are any.
 */
export function podUsage(pod: Pod, kind: Kind): Amounts {
  const { spec, status } = pod;
  const statuses = new Map<string, ContainerStatus>();
  for (const one of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    statuses.set(one.name, one);
  }
  const isInfeasible = (status?.conditions ?? []).some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  );
  const amounts = podAmounts(spec, kind, (container, of) => {
    const specified = asSpecified(container, of);
    const found = statuses.get(container.name);
    if (!found?.resources) return specified;
    const actual = amountsOf(found.resources[of]);
    const given = of === 'requests' ? largest(actual, amountsOf(found.allocatedResources)) : actual;
    return isInfeasible ? given : largest(specified, given);
  });
  const overhead = amountsOf(spec.overhead);
  return sum(amounts, kind === 'requests' ? overhead : only(overhead, new Set(amounts.keys())));
}
