import { timestamp, type KubeObject, type ManagedFieldsEntry } from '@kubephant/api';
import type { JsonObject } from '../patch/json';
import { changed } from './compare';
import { emptySet, isEmpty, recursiveDifference, union } from './field-set';
import { capUpdaters, identify, isReset, readManagers, writeManagers, type Managers } from './managers';
import { Comparisons, ownable, releaseChanged, type Form } from './ownership';

/** A write by anything but apply: create, update, the patches, a subresource. */
export interface UpdateRequest extends Form {
  /** The stored object; absent for a create. */
  readonly live?: KubeObject | undefined;
  /** The object to store, with the managedFields that the client sent. */
  readonly next: KubeObject;
  /** Name of the manager; the beginning of the user agent where the client gave none. */
  readonly manager: string;
  readonly subresource?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether nobody writes down when it was (through a Scale). */
  readonly untimed?: boolean;
}

/**
 * The managedFields to store with `next`: fields that the write gave another value move to its manager, removed ones
 * are nobody's. A client may replace the entries on the main endpoint, and clear them with `[{}]`; an object whose
 * entries were cleared is not tracked until its next apply. Undefined when nobody owns anything.
 */
export function trackUpdate(update: UpdateRequest): ManagedFieldsEntry[] | undefined {
  const known = currentManagers(update);
  const isCreate = !update.live?.metadata.uid;
  if (known.size === 0 && !isCreate) return undefined;
  const tracked = track(update, known);
  const { next } = update;
  // Nothing moved, so the entries that came in (and were read as they are) still say it all.
  if (tracked === known && next.metadata.managedFields === update.live?.metadata.managedFields)
    return next.metadata.managedFields;
  return writeManagers(tracked);
}

/** Entries sent through a subresource, malformed ones and an empty list do not count: the stored ones do. */
function currentManagers({ live, next, subresource }: UpdateRequest): Managers {
  const sent = next.metadata.managedFields;
  if (!subresource) {
    if (isReset(sent)) return new Map();
    const managers = readManagers(sent);
    if (managers && managers.size > 0) return managers;
  }
  return readManagers(live?.metadata.managedFields) ?? new Map();
}

type Tracked = Omit<UpdateRequest, 'live' | 'next'> & { readonly live?: object | undefined; readonly next: object };

/** The owners after a write; the same map when it changed nothing that has an owner. */
export function track(update: Tracked, known: Managers): Managers {
  const { manager, apiVersion, subresource = '', now } = update;
  const change = { before: (update.live ?? {}) as JsonObject, after: update.next as JsonObject };
  const comparisons = new Comparisons(update, change);
  const { removed } = comparisons.own;
  const reset = update.resetFields ?? emptySet;
  const taken = ownable(recursiveDifference(changed(comparisons.own), reset));
  if (isEmpty(taken) && isEmpty(removed)) return known;
  const managers = new Map(releaseChanged(known, comparisons));
  if (!isEmpty(taken)) {
    const owner = { manager: manager || 'unknown', operation: 'Update', apiVersion, subresource } as const;
    const id = identify(owner);
    const set = union(managers.get(id)?.set ?? emptySet, taken);
    managers.set(id, { ...owner, set, ...(!update.untimed && { time: timestamp(now) }) });
  }
  return capUpdaters(managers);
}
