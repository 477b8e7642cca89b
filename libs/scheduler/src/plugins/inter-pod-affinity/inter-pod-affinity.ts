import type { Pod } from '@kubephant/schema';
import {
  unresolvable,
  unschedulable,
  type CycleKey,
  type SchedulerPlugin,
  type Verdict,
} from '../../framework/interfaces';
import type { NodeInfo } from '../../framework/node-info';
import { newDomainCounts, termsOf, type DomainCounts, type NamespaceLabels, type PodTerms } from './terms';

/** What the pod wants, and how many pods each domain has that it wants or does not want, or that do not want it. */
interface Required extends PodTerms {
  readonly wanted: DomainCounts;
  readonly unwanted: DomainCounts;
  readonly unwelcome: DomainCounts;
  /** The first of a group that wants to be together has nobody to go to yet. */
  readonly wantsItself: boolean;
}

const required: CycleKey<Required> = { name: 'InterPodAffinity' };
const allNodes: CycleKey<readonly NodeInfo[]> = { name: 'InterPodAffinity/nodes' };
const preferred: CycleKey<DomainCounts> = { name: 'InterPodAffinity/preferences' };

/** https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity */
export function interPodAffinity(labelsOf: NamespaceLabels): SchedulerPlugin {
  return {
    name: 'InterPodAffinity',
    requeueOn: ['NodeAdd', 'NodeUpdate', 'PodAdd', 'PodUpdate', 'PodDelete'],
    preFilter(state, pod, nodes) {
      state.set(required, survey(pod, nodes, labelsOf));
      state.set(allNodes, nodes);
      return undefined;
    },
    filter: (state, _pod, info) => check(state.get(required), info),
    preScore(state, pod) {
      state.set(preferred, preferences(pod, state.get(allNodes), labelsOf));
    },
    score: (state, _pod, info) =>
      state.get(preferred).entries.reduce((sum, [key]) => sum + state.get(preferred).at(key, info), 0),
    /** Spread from 0 to 100; equal ones say nothing. */
    normalize(scores) {
      const [most, least] = [Math.max(...scores), Math.min(...scores)];
      return scores.map((score) => (most === least ? 0 : Math.floor((100 * (score - least)) / (most - least))));
    },
  };
}

/** Everyone who is there, with where; when the newcomer asks for nothing, only those who may ask for something of it. */
function* company(nodes: readonly NodeInfo[], asks: boolean): Generator<readonly [Pod, NodeInfo]> {
  for (const info of nodes) for (const other of asks ? info.pods.values() : info.podsWithAffinity) yield [other, info];
}

function survey(pod: Pod, nodes: readonly NodeInfo[], labelsOf: NamespaceLabels): Required {
  const terms = termsOf(pod, labelsOf);
  const { affinity, antiAffinity } = terms;
  const [wanted, unwanted, unwelcome] = [newDomainCounts(), newDomainCounts(), newDomainCounts()];
  for (const [other, info] of company(nodes, affinity.length + antiAffinity.length > 0)) {
    // Only a pod that every term means is company.
    if (affinity.every((term) => term.matches(other))) wanted.add(affinity, info);
    unwanted.add(
      antiAffinity.filter((term) => term.matches(other)),
      info,
    );
    if (!other.spec.affinity?.podAntiAffinity) continue;
    const theirs = termsOf(other, labelsOf).antiAffinity;
    unwelcome.add(
      theirs.filter((term) => term.matches(pod)),
      info,
    );
  }
  return { ...terms, wanted, unwanted, unwelcome, wantsItself: affinity.every((term) => term.matches(pod)) };
}

function check(survey: Required, info: NodeInfo): Verdict {
  if (!hasCompany(survey, info)) return unresolvable("node(s) didn't match pod affinity rules");
  if (survey.antiAffinity.some(({ key }) => survey.unwanted.at(key, info) > 0))
    return unschedulable("node(s) didn't match pod anti-affinity rules");
  if (survey.unwelcome.entries.some(([key]) => survey.unwelcome.at(key, info) > 0))
    return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
  return undefined;
}

function hasCompany({ affinity, wanted, wantsItself }: Required, info: NodeInfo): boolean {
  if (affinity.some(({ key }) => info.node.metadata.labels?.[key] === undefined)) return false;
  if (affinity.every(({ key }) => wanted.at(key, info) > 0)) return true;
  return wanted.entries.length === 0 && wantsItself;
}

/** The newcomer's preferences about those who are there, and theirs about it. */
function preferences(pod: Pod, nodes: readonly NodeInfo[], labelsOf: NamespaceLabels): DomainCounts {
  const scores = newDomainCounts();
  const own = termsOf(pod, labelsOf).preferred;
  for (const [other, info] of company(nodes, own.length > 0)) {
    scores.add(
      own.filter((term) => term.matches(other)),
      info,
    );
    if (!other.spec.affinity) continue;
    const { preferred: theirs, affinity } = termsOf(other, labelsOf);
    // Weights of required terms are upstream's default for hardPodAffinityWeight: 1.
    scores.add(
      [...theirs, ...affinity].filter((term) => term.matches(pod)),
      info,
    );
  }
  return scores;
}
