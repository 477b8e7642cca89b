import { isDeepStrictEqual } from 'node:util';
import { fromLabelSelector, is, type Selector } from '@kubephant/api';
import type { Clock, Logger } from '@kubephant/base';
import { clusterRoles, type Client } from '@kubephant/client';
import type { ClusterRole, PolicyRule } from '@kubephant/schema';
import type { View } from '../views/view';
import { newTrigger } from './trigger';

/** The rules an aggregated role should have: those of all roles its selectors select, each once, by role name. */
export function aggregatedRules(role: ClusterRole, all: Iterable<ClusterRole>): readonly PolicyRule[] | undefined {
  const selectors = role.aggregationRule?.clusterRoleSelectors?.map((one) => fromLabelSelector(one));
  if (!selectors) return undefined;
  const rules: PolicyRule[] = [];
  for (const source of sourcesOf(role, selectors, all)) {
    for (const rule of source.rules ?? []) if (!rules.some((known) => isDeepStrictEqual(known, rule))) rules.push(rule);
  }
  return rules;
}

function sourcesOf(role: ClusterRole, selectors: readonly Selector[], all: Iterable<ClusterRole>): ClusterRole[] {
  return [...all]
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .filter(({ metadata }) => selectors.some((selector) => selector.matches(metadata.labels)))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** How often all roles are looked at even if nothing has changed. */
const resyncMs = 60_000;
/** Roles change in bursts (a bootstrap, a manifest): one round for all of them. */
const settleMs = 20;

export interface AggregationDependencies {
  readonly client: Client;
  readonly clusterRoles: View<ClusterRole>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps the rules of aggregated roles up to date until the signal aborts. */
export async function runAggregation(deps: AggregationDependencies, signal: AbortSignal): Promise<void> {
  const changed = newTrigger(deps.clock);
  deps.clusterRoles.onChange(() => changed.raise());
  while (!signal.aborted) {
    await changed.wait(resyncMs, signal);
    await deps.clock.sleep(settleMs, signal);
    for (const role of [...deps.clusterRoles.values()]) await aggregate(role, deps, signal);
  }
}

async function aggregate(role: ClusterRole, deps: AggregationDependencies, signal: AbortSignal): Promise<void> {
  const rules = aggregatedRules(role, deps.clusterRoles.values());
  if (!rules || isDeepStrictEqual(role.rules ?? [], rules)) return;
  try {
    await deps.client.resource(clusterRoles).update({ ...role, rules: [...rules] }, signal);
  } catch (err) {
    // Someone was faster: what they wrote comes as a change. Anything else is tried again with the next round.
    if (signal.aborted || is('Conflict', err) || is('NotFound', err)) return;
    deps.log.error('cannot aggregate role', err, { role: role.metadata.name });
  }
}
