import type { Pod } from '@kubephant/schema';
import type { NodeInfo } from './node-info';

/** Why a plugin says no. Undefined: it has nothing against it. A throw is an internal error, not a verdict. */
export type Verdict =
  | {
      /** `UnschedulableAndUnresolvable`: removing pods from the node would not help. */
      readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable';
      /** One reason or more, as counted in the pod's FailedScheduling event. */
      readonly reasons: readonly string[];
    }
  | undefined;

/** What plugins hand on to their own later extension points within one cycle. */
export interface CycleState {
  get<V>(key: CycleKey<V>): V;
  set<V>(key: CycleKey<V>, value: V): void;
}

/** Names a value in the state; the type parameter is what it holds. */
export interface CycleKey<V> {
  readonly name: string;
  readonly _value?: V;
}

/** The extension points (KEP-624). `preFilter`, `filter`, `preScore` and `score` are synchronous and pure over one snapshot. */
export interface ExtensionPoints {
  /** Whether the pod may enter the queue at all. */
  preEnqueue(pod: Pod): Verdict;
  /** May compute what filter needs; a verdict here stands for every node. */
  preFilter(state: CycleState, pod: Pod, nodes: readonly NodeInfo[]): Verdict;
  filter(state: CycleState, pod: Pod, node: NodeInfo): Verdict;
  preScore(state: CycleState, pod: Pod, nodes: readonly NodeInfo[]): void;
  /** Any number; `normalize` brings it to 0..100. */
  score(state: CycleState, pod: Pod, node: NodeInfo): number;
  normalize(scores: readonly number[]): readonly number[];
  reserve(state: CycleState, pod: Pod, nodeName: string): Verdict;
  unreserve(state: CycleState, pod: Pod, nodeName: string): void;
  permit(state: CycleState, pod: Pod, nodeName: string): Verdict;
  bind(pod: Pod, nodeName: string, signal: AbortSignal): Promise<void>;
}

/** What may have happened in the cluster that gives an unschedulable pod another chance. */
/** Pods here are those that have a node. */
export type ClusterEvent = 'NodeAdd' | 'NodeUpdate' | 'PodAdd' | 'PodDelete' | 'PodUpdate';

export type SchedulerPlugin = {
  readonly name: string;
  /** After these events a pod that this plugin rejected is tried again. */
  readonly requeueOn?: readonly ClusterEvent[];
} & Partial<ExtensionPoints>;

/** A plugin with the weight of its scores. */
export interface WeightedPlugin {
  readonly plugin: SchedulerPlugin;
  readonly weight?: number;
}

export function newCycleState(): CycleState {
  const values = new Map<object, unknown>();
  return {
    get<V>(key: CycleKey<V>): V {
      if (!values.has(key)) throw new Error(`${key.name} was read from the cycle state before it was set`);
      return values.get(key) as V;
    },
    set: (key, value) => void values.set(key, value),
  };
}

export const unschedulable = (...reasons: readonly string[]): NonNullable<Verdict> => ({
  code: 'Unschedulable',
  reasons,
});
export const unresolvable = (...reasons: readonly string[]): NonNullable<Verdict> => ({
  code: 'UnschedulableAndUnresolvable',
  reasons,
});
