import { is, keyOf, type Draft, type ObjectKey, type OwnerReference } from '@kubephant/api';
import type { ResourceClient } from '@kubephant/client';
import type { EndpointSlice } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import { withTriggerTime } from '../common/trigger-time';
import type { Group } from './desired';
import { planSlices, type Content } from './plan';

/** What all slices of a service have in common. */
export interface SliceFacts {
  /** Of the service. */
  readonly key: ObjectKey;
  readonly owner: OwnerReference;
  readonly labels: Readonly<Record<string, string>>;
  /** All annotations but the trigger time's; absent: those of existing slices are none of our business. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly triggerTime?: string | undefined;
}

/** How many slices were written; what was written before a failure is not told. */
export interface SliceChanges {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

export interface SliceWriter {
  /** Makes `existing` say what `groups` want, with as few writes as can be. */
  write(
    facts: SliceFacts,
    existing: readonly EndpointSlice[],
    groups: readonly Group[],
    signal: AbortSignal,
  ): Promise<SliceChanges>;
}

/** At most `max` endpoints go into one slice; `wrote` is told of each object that was created or updated. */
export function newSliceWriter(
  resource: ResourceClient<EndpointSlice>,
  max: number,
  wrote: (key: ObjectKey, slice: EndpointSlice) => void,
): SliceWriter {
  return {
    async write(facts, existing, groups, signal) {
      const plan = planSlices(existing, groups, max);
      for (const content of plan.create) wrote(facts.key, await resource.create(draftOf(facts, content), signal));
      const planned = new Map(plan.update.map(({ slice, content }) => [slice, content]));
      const kept = existing.filter((slice) => !plan.remove.includes(slice));
      const updates = kept.flatMap((slice) => updateOf(facts, slice, planned.get(slice)) ?? []);
      for (const next of updates) wrote(facts.key, await resource.update(next, signal));
      for (const slice of plan.remove) await removeSlice(resource, slice, signal);
      return { create: plan.create.length, update: updates.length, delete: plan.remove.length };
    },
  };
}

/** Removes a slice, or finds that it is gone. */
export async function removeSlice(
  resource: ResourceClient<EndpointSlice>,
  slice: EndpointSlice,
  signal: AbortSignal,
): Promise<void> {
  try {
    await resource.delete(keyOf(slice), signal, { preconditions: { uid: slice.metadata.uid } });
  } catch (err) {
    if (!is('NotFound', err)) throw err;
  }
}

function draftOf(facts: SliceFacts, { addressType, ports, endpoints }: Content): Draft<EndpointSlice> {
  const { name, namespace } = facts.key;
  const annotations = withTriggerTime(facts.annotations, facts.triggerTime);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      ...(namespace && { namespace }),
      labels: { ...facts.labels },
      ...(annotations && { annotations }),
      ownerReferences: [facts.owner],
    },
    addressType,
    endpoints: [...endpoints],
    ports: [...ports],
  };
}

/** The slice as it should be; undefined when it is. The time of the change alone is no change. */
function updateOf(facts: SliceFacts, slice: EndpointSlice, content: Content | undefined): EndpointSlice | undefined {
  const { annotations: own, ...identity } = slice.metadata;
  const others = withTriggerTime(own, undefined);
  const wanted = facts.annotations ? withTriggerTime(facts.annotations, undefined) : others;
  const isRight = isDeepStrictEqual([wanted, facts.labels], [others, slice.metadata.labels]);
  if (!content && isRight) return undefined;
  const annotations = withTriggerTime(wanted, facts.triggerTime);
  return {
    ...slice,
    metadata: { ...identity, labels: { ...facts.labels }, ...(annotations && { annotations }) },
    ...(content && { endpoints: [...content.endpoints], ports: [...content.ports] }),
  };
}
