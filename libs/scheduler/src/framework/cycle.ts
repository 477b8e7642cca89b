import type { Pod } from '@kubephant/schema';
import { newCycleState, type CycleState, type Verdict, type WeightedPlugin } from './interfaces';
import type { NodeInfo } from './node-info';
import type { Snapshot } from './cache';

/** The decision about one pod. */
export type Decision =
  | { readonly kind: 'fits'; readonly nodeName: string; readonly state: CycleState; readonly feasible: number }
  | { readonly kind: 'unschedulable'; readonly message: string; readonly rejectedBy: ReadonlySet<string> };

interface Rejection {
  readonly plugin: string;
  readonly verdict: NonNullable<Verdict>;
}

/** Where the pod goes, or why nowhere. Pure over the snapshot; `random` breaks ties between equally good nodes. */
export function decide(
  plugins: readonly WeightedPlugin[],
  pod: Pod,
  snapshot: Snapshot,
  random: () => number,
): Decision {
  if (snapshot.nodes.length === 0)
    return { kind: 'unschedulable', message: 'no nodes available to schedule pods', rejectedBy: new Set() };
  const state = newCycleState();
  const refusal = preFilter(plugins, state, pod, snapshot.nodes);
  if (refusal) return refuse(snapshot, new Map(snapshot.nodes.map(({ name }) => [name, refusal])));

  const rejections = new Map<string, Rejection>();
  const feasible = snapshot.nodes.filter((node) => {
    const rejection = filter(plugins, state, pod, node);
    if (rejection) rejections.set(node.name, rejection);
    return !rejection;
  });
  const [only, ...others] = feasible;
  if (!only) return refuse(snapshot, rejections);
  const nodeName = others.length === 0 ? only.name : best(plugins, { state, pod, random }, feasible);
  return { kind: 'fits', nodeName, state, feasible: feasible.length };
}

function preFilter(
  plugins: readonly WeightedPlugin[],
  state: CycleState,
  pod: Pod,
  nodes: readonly NodeInfo[],
): Rejection | undefined {
  for (const { plugin } of plugins) {
    const verdict = plugin.preFilter?.(state, pod, nodes);
    if (verdict) return { plugin: plugin.name, verdict };
  }
  return undefined;
}

function filter(
  plugins: readonly WeightedPlugin[],
  state: CycleState,
  pod: Pod,
  node: NodeInfo,
): Rejection | undefined {
  for (const { plugin } of plugins) {
    const verdict = plugin.filter?.(state, pod, node);
    if (verdict) return { plugin: plugin.name, verdict };
  }
  return undefined;
}

interface ScoreContext {
  readonly state: CycleState;
  readonly pod: Pod;
  readonly random: () => number;
}

function best(
  plugins: readonly WeightedPlugin[],
  { state, pod, random }: ScoreContext,
  nodes: readonly NodeInfo[],
): string {
  const totals = nodes.map(() => 0);
  for (const { plugin, weight = 1 } of plugins) {
    plugin.preScore?.(state, pod, nodes);
    if (!plugin.score) continue;
    const raw = nodes.map((node) => plugin.score?.(state, pod, node) ?? 0);
    const normal = plugin.normalize?.(raw) ?? raw;
    normal.forEach((score, i) => (totals[i] = (totals[i] ?? 0) + weight * score));
  }
  const top = Math.max(...totals);
  const winners = nodes.filter((_, i) => totals[i] === top);
  return winners[Math.floor(random() * winners.length)]?.name ?? '';
}

function refuse({ nodes }: Snapshot, rejections: ReadonlyMap<string, Rejection>): Decision {
  const all = [...rejections.values()];
  const reasons = all.flatMap(({ verdict }) => verdict.reasons);
  return {
    kind: 'unschedulable',
    message: explain(nodes.length, reasons),
    rejectedBy: new Set(all.map(({ plugin }) => plugin)),
  };
}

/** Upstream's sentence, which people and tools read: `0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.` */
export function explain(nodes: number, reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${parts.join(', ')}.`;
}
