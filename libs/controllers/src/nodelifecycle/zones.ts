import type { Node } from '@kubephant/schema';
import { readyOf } from './health';

export type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption';

export interface Zone {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly unhealthy: number;
  readonly state: ZoneState;
}

export interface EvictionRates {
  /** Nodes per second that may get an eviction taint in a healthy zone. */
  readonly normal: number;
  /** … in a zone that is partly down. */
  readonly secondary: number;
  /** Zones with fewer nodes do not evict at all while they are partly down. */
  readonly largeClusterSize: number;
  /** Part of a zone that is down when it counts as partly down. */
  readonly unhealthyThreshold: number;
}

export const defaultRates: EvictionRates = {
  normal: 0.1,
  secondary: 0.01,
  largeClusterSize: 50,
  unhealthyThreshold: 0.55,
};

export function zonesOf(nodes: readonly Node[], rates: EvictionRates): readonly Zone[] {
  const byName = new Map<string, Node[]>();
  for (const node of nodes) {
    const { labels = {} } = node.metadata;
    const name = `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`;
    byName.set(name, [...(byName.get(name) ?? []), node]);
  }
  return [...byName].map(([name, members]) => {
    const unhealthy = members.filter((node) => readyOf(node)?.status !== 'True').length;
    return { name, nodes: members, unhealthy, state: stateOf(members.length, unhealthy, rates) };
  });
}

function stateOf(size: number, unhealthy: number, { unhealthyThreshold }: EvictionRates): ZoneState {
  if (unhealthy > 0 && unhealthy === size) return 'FullDisruption';
  return unhealthy > 2 && unhealthy / size >= unhealthyThreshold ? 'PartialDisruption' : 'Normal';
}

/** Nothing answers anywhere: it is more likely that we are cut off than that every node is dead. */
export function isMasterDisruption(zones: readonly Zone[]): boolean {
  return zones.length > 0 && zones.every(({ state }) => state === 'FullDisruption');
}

/** Nodes per second of this zone that may be given up. */
export function evictionRate({ state, nodes }: Zone, { normal, secondary, largeClusterSize }: EvictionRates): number {
  if (state !== 'PartialDisruption') return normal;
  return nodes.length > largeClusterSize ? secondary : 0;
}
