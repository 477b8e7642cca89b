import type { Pod } from '@kubephant/schema';
import {
  unresolvable,
  unschedulable,
  type CycleKey,
  type SchedulerPlugin,
  type Verdict,
} from '../../framework/interfaces';
import type { NodeInfo } from '../../framework/node-info';
import { constraintsOf, countDomains, domainOf, type Constraint } from './constraints';

/** A constraint with the pods that each of its domains has. */
interface Spread {
  readonly constraint: Constraint;
  readonly counts: ReadonlyMap<string, number>;
}

interface Preference extends Spread {
  /** Grows with the number of domains: the more there are, the smaller each difference between two. */
  readonly weight: number;
}

const hard: CycleKey<readonly Spread[]> = { name: 'PodTopologySpread' };
const allNodes: CycleKey<readonly NodeInfo[]> = { name: 'PodTopologySpread/nodes' };
const soft: CycleKey<readonly Preference[]> = { name: 'PodTopologySpread/preferences' };

const reason = "node(s) didn't match pod topology spread constraints";
/** The score of a node that is in no domain: it is never preferred. */
const ignored = -1;

/**
 * `topologySpreadConstraints` (https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/):
 * DoNotSchedule filters, ScheduleAnyway scores. A pod without constraints is spread by other plugins alone.
 */
export const podTopologySpread: SchedulerPlugin = {
  name: 'PodTopologySpread',
  requeueOn: ['NodeAdd', 'NodeUpdate', 'PodAdd', 'PodUpdate', 'PodDelete'],
  preFilter(state, pod, nodes) {
    const constraints = constraintsOf(pod, 'DoNotSchedule');
    const counts = countDomains(constraints, pod, nodes);
    state.set(
      hard,
      constraints.map((constraint, i) => ({ constraint, counts: counts[i] ?? new Map() })),
    );
    state.set(allNodes, nodes);
    return undefined;
  },
  filter(state, pod, info) {
    for (const spread of state.get(hard)) {
      const verdict = check(spread, pod, info);
      if (verdict) return verdict;
    }
    return undefined;
  },
  preScore(state, pod, feasible) {
    const constraints = constraintsOf(pod, 'ScheduleAnyway');
    const counts = countDomains(constraints, pod, state.get(allNodes));
    state.set(
      soft,
      constraints.map((constraint, i) => {
        const domains = new Set(feasible.map((info) => domainOf(constraint, info)));
        domains.delete(undefined);
        return { constraint, counts: counts[i] ?? new Map(), weight: Math.log(domains.size + 2) };
      }),
    );
  },
  score(state, _pod, info) {
    let score = 0;
    for (const { constraint, counts, weight } of state.get(soft)) {
      const domain = domainOf(constraint, info);
      if (domain === undefined) return ignored;
      score += (counts.get(domain) ?? 0) * weight + (constraint.maxSkew - 1);
    }
    return Math.round(score);
  },
  /** The fewer, the better. */
  normalize(scores) {
    const known = scores.filter((score) => score !== ignored);
    const [most, least] = [Math.max(...known), Math.min(...known)];
    return scores.map((score) => {
      if (score === ignored) return 0;
      return most === 0 ? 100 : Math.floor((100 * (most + least - score)) / most);
    });
  },
};

function check({ constraint, counts }: Spread, pod: Pod, info: NodeInfo): Verdict {
  const domain = domainOf(constraint, info);
  if (domain === undefined) return unresolvable(`${reason} (missing required label)`);
  const least = counts.size < constraint.minDomains ? 0 : Math.min(...counts.values());
  const itself = constraint.selector.matches(pod.metadata.labels) ? 1 : 0;
  const skew = (counts.get(domain) ?? 0) + itself - (Number.isFinite(least) ? least : 0);
  return skew > constraint.maxSkew ? unschedulable(reason) : undefined;
}
