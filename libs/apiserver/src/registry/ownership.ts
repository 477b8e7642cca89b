import type { KubeObject } from '@kubephant/api';
import { apply, trackUpdate, type FieldSet } from '@kubephant/schema';
import type { Resource } from './resource';

/** A write whose changes a manager is to own (KEP-555). */
export interface OwnedWrite {
  readonly resource: Resource;
  readonly manager: string;
  readonly subresource?: string | undefined;
  readonly now: Date;
  /** What is stored; absent for a create. */
  readonly live?: KubeObject | undefined;
}

/** Sets the managedFields of what is about to be stored. */
export function recordUpdate(write: OwnedWrite, obj: KubeObject): void {
  const { manager, subresource, now, live } = write;
  setEntries(obj, trackUpdate({ ...formOf(write), manager, subresource, live, next: obj, now: now.getTime() }));
}

/**
 * The live object with an applied configuration merged in, with its managedFields: not decoded and defaulted yet.
 * Throws Conflict unless forced, and upstream's 500s for what does not fit the form.
 */
export function mergeApplied(write: OwnedWrite, applied: KubeObject, force: boolean): KubeObject {
  const { manager, subresource, now, live } = write;
  const request = { ...formOf(write), manager, subresource, live, applied, force, now: now.getTime() };
  const { object, managedFields } = apply(request);
  const merged = object as unknown as KubeObject;
  setEntries(merged, managedFields);
  return merged;
}

function formOf({ resource, subresource }: OwnedWrite) {
  const { schema, apiVersion, row } = resource;
  const hasStatus = row.subresources?.['status'] !== undefined;
  return { schema, apiVersion, resetFields: hasStatus ? resetThrough(subresource) : undefined };
}

const status: FieldSet = { 'f:status': {} };
const spec: FieldSet = { 'f:spec': {} };

/** What an endpoint does not write, so that nobody owns it through it. */
const resetThrough = (subresource: string | undefined): FieldSet => (subresource === 'status' ? spec : status);

function setEntries({ metadata }: KubeObject, entries: KubeObject['metadata']['managedFields']): void {
  if (entries === undefined) delete metadata.managedFields;
  else metadata.managedFields = entries;
}
