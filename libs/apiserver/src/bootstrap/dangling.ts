import { isDeepStrictEqual } from 'node:util';
import { is, timestamp } from '@kubephant/api';
import type { Clock, Logger } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { FlowSchema, FlowSchemaCondition, PriorityLevelConfiguration } from '@kubephant/schema';
import type { View } from '../views/view';
import { flowSchemas } from './refs';
import { newTrigger } from './trigger';

/** What a flow schema's status says of the level that it names. */
export function danglingCondition(
  { spec }: FlowSchema,
  exists: boolean,
): Omit<FlowSchemaCondition, 'lastTransitionTime'> {
  const { name } = spec.priorityLevelConfiguration;
  const found = exists ? 'it exists' : 'there is no such object';
  return {
    type: 'Dangling',
    status: exists ? 'False' : 'True',
    reason: exists ? 'Found' : 'NotFound',
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)} ${
      exists ? 'and' : 'but'
    } ${found}`,
  };
}

export interface DanglingDependencies {
  readonly client: Client;
  readonly schemas: View<FlowSchema>;
  readonly levels: View<PriorityLevelConfiguration>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often all are looked at even if nothing has changed. */
const resyncMs = 300_000;
/** Several are made at once. */
const settleMs = 50;

/** Keeps saying in every flow schema's status whether its level exists, until the signal aborts. */
export async function runDangling(deps: DanglingDependencies, signal: AbortSignal): Promise<void> {
  const changed = newTrigger(deps.clock);
  deps.schemas.onChange(() => changed.raise());
  deps.levels.onChange(() => changed.raise());
  while (!signal.aborted) {
    await changed.wait(resyncMs, signal);
    await deps.clock.sleep(settleMs, signal);
    const all = deps.levels.synced ? [...deps.schemas.values()] : [];
    await Promise.all(all.map((schema) => update(schema, deps, signal)));
  }
}

async function update(schema: FlowSchema, deps: DanglingDependencies, signal: AbortSignal): Promise<void> {
  const status = updatedStatus(schema, deps);
  if (!status) return;
  try {
    await deps.client.resource(flowSchemas).update({ ...schema, status }, signal, { subresource: 'status' });
  } catch (err) {
    // Someone was faster: what they wrote comes as a change. Anything else is tried again with the next round.
    if (signal.aborted || is('Conflict', err) || is('NotFound', err)) return;
    deps.log.error('cannot say whether the level of a flow schema exists', err, { flowSchema: schema.metadata.name });
  }
}

/** The status with what is the case, if it says something else. */
function updatedStatus(schema: FlowSchema, { levels, clock }: DanglingDependencies): FlowSchema['status'] {
  const exists = levels.get({ name: schema.spec.priorityLevelConfiguration.name }) !== undefined;
  const wanted = danglingCondition(schema, exists);
  const conditions = schema.status?.conditions ?? [];
  const held = conditions.find(({ type }) => type === wanted.type);
  if (isDeepStrictEqual({ ...held, lastTransitionTime: '' }, { ...wanted, lastTransitionTime: '' })) {
    return undefined;
  }
  const { status, lastTransitionTime = timestamp(clock.now()) } = held ?? {};
  const since = status === wanted.status ? lastTransitionTime : timestamp(clock.now());
  const condition = { ...wanted, lastTransitionTime: since };
  return { ...schema.status, conditions: [...conditions.filter(({ type }) => type !== wanted.type), condition] };
}
