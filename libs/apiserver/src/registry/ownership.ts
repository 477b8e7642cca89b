import type { KubeObject } from '@kubephant/api';
import type { ResourceDefinition } from '@kubephant/resources';
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
  return { schema, apiVersion, resetFields: resetThrough(row, subresource) };
}

const status = [['status']];
const spec = [['spec']];

/** What an endpoint does not write, so that nobody owns it through it. */
function resetThrough({ strategy, subresources }: ResourceDefinition, subresource: string | undefined) {
  const part = subresource === undefined ? undefined : subresources?.[subresource];
  const own = subresource === undefined ? strategy : part && 'strategy' in part ? part.strategy : undefined;
  const usual = subresources?.['status'] && (subresource === 'status' ? spec : status);
  const paths = own?.resets ?? usual;
  return paths && setOf(paths);
}

/** A path that ends is a member; what goes on from the same field lies below it. */
function setOf(paths: readonly (readonly string[])[]): FieldSet {
  const fields = new Set(paths.flatMap(([field]) => field ?? []));
  const below = (field: string): FieldSet =>
    setOf(paths.filter(([first]) => first === field).map((path) => path.slice(1)));
  return Object.fromEntries([...fields].map((field) => [`f:${field}`, below(field)]));
}

function setEntries({ metadata }: KubeObject, entries: KubeObject['metadata']['managedFields']): void {
  if (entries === undefined) delete metadata.managedFields;
  else metadata.managedFields = entries;
}
