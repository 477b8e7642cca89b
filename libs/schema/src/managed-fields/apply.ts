import {
  badRequest,
  type Draft,
  type KubeObject,
  type ManagedFieldsEntry,
  StatusError,
  timestamp,
} from '@kubephant/api';
import { checkNesting, equalJson, type JsonObject } from '../patch/json';
import { conflictError } from './conflicts';
import { emptySet, recursiveDifference } from './field-set';
import { allowedByLastApplied, withLastApplied } from './last-applied';
import { identify, readManagers, withoutEmpty, writeManagers, type Managers, type Ownership } from './managers';
import { merge } from './merge';
import { Comparisons, findConflicts, ownable, releaseChanged, type Form } from './ownership';
import { prune } from './prune';
import { toFieldSet } from './to-set';
import { track } from './track-update';
import { typeErrors } from './validate';

/** A server-side apply. */
export interface ApplyRequest extends Form {
  /** The stored object, as this version writes it; absent when apply creates it. */
  readonly live?: KubeObject | undefined;
  /** What the applier wants, undefaulted, as it was sent. */
  readonly applied: Draft;
  readonly manager: string;
  /** Take fields from other managers instead of refusing. */
  readonly force: boolean;
  readonly subresource?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether nobody writes down when it was (through a Scale). */
  readonly untimed?: boolean;
}

export interface Applied {
  /** The live object with the applied one merged in: still to be decoded and defaulted by its schema. */
  readonly object: JsonObject;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/**
 * Server-side apply (KEP-555). Fields that the applier named before, no longer names and nobody else owns are removed.
 * Throws Conflict with upstream's causes unless forced; a 500 without reason for an object that does not fit the
 * schema; BadRequest when the applied object carries managedFields or nests too deep.
 */
export function apply(request: ApplyRequest): Applied {
  const { schema, live, applied, now } = request;
  if (applied.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  checkNesting(applied);
  checkType(schema, applied);
  const before = withoutManagedFields(live);
  const known = ownersBefore(request, before);
  const { object, managers, owner } = applyTo(before, known, request);
  const unchanged = equalJson(before, object);
  const id = identify(owner);
  const mine = managers.get(id);
  const stamped = new Map(managers);
  if (mine) {
    const time = request.untimed ? undefined : unchanged ? known.get(id)?.time : timestamp(now);
    stamped.set(id, { ...mine, set: ownable(mine.set), time });
  }
  const kept = request.manager === 'kubectl' ? withLastApplied(before, object, applied) : object;
  return { object: kept, managedFields: writeManagers(withoutEmpty(stamped)) };
}

function checkType(schema: ApplyRequest['schema'], applied: Draft): void {
  const errors = typeErrors(schema, applied);
  if (errors.length === 0) return;
  const { apiVersion, kind, metadata } = applied;
  const gvk = `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
  const what = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${gvk}`;
  const why = errors.length === 1 ? errors.join('') : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n');
  throw new StatusError('', `failed to create typed patch object (${what}): ${why}`);
}

function withoutManagedFields(live: KubeObject | undefined): JsonObject {
  if (!live) return {};
  const { managedFields: _, ...metadata } = live.metadata;
  return { ...live, metadata };
}

/** An object that nobody owns anything of was written before anyone applied: what it holds is `before-first-apply`'s. */
function ownersBefore(request: ApplyRequest, before: JsonObject): Managers {
  const { live } = request;
  const known = readManagers(live?.metadata.managedFields);
  if (!known) throw new StatusError('', 'failed to decode managed fields');
  if (known.size > 0 || !live) return known;
  return track({ ...request, live: undefined, next: before, manager: 'before-first-apply' }, known);
}

interface Outcome {
  readonly object: JsonObject;
  readonly managers: Managers;
  readonly owner: Ownership;
}

function applyTo(before: JsonObject, known: Managers, request: ApplyRequest): Outcome {
  const { schema, applied, manager, apiVersion, subresource = '', resetFields = emptySet } = request;
  const set = recursiveDifference(toFieldSet(schema, applied), resetFields);
  const owner: Ownership = { manager, operation: 'Apply', apiVersion, subresource, set };
  const id = identify(owner);
  const managers = new Map(known).set(id, owner);
  const merged = merge(schema, before, applied) as JsonObject;
  const object = prune({ form: request, merged, managers, last: known.get(id), current: set });
  const comparisons = new Comparisons(request, { before, after: object });
  const conflicts = request.force ? [] : findConflicts(managers, comparisons, id);
  if (conflicts.length > 0 && !allowedByLastApplied({ schema, live: before, manager, conflicts }))
    throw conflictError(conflicts);
  const released = releaseChanged(managers, comparisons, id);
  return { object, managers: released, owner };
}
