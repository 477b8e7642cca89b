import type { KubeObject } from '@kubephant/api';
import type { ResourceDefinition } from '@kubephant/resources';
import { apply, decodeValue, trackUpdate, type FieldSet, type VersionedForm } from '@kubephant/schema';
import type { Resource } from './resource';
import { nowOf, type Resources, type Scope } from './scope';

/** A write whose changes a manager is to own (KEP-555). */
export interface OwnedWrite {
  readonly resource: Resource;
  readonly resources: Resources;
  readonly manager: string;
  readonly subresource?: string | undefined;
  readonly now: Date;
  /** What is stored; absent for a create. */
  readonly live?: KubeObject | undefined;
}

/** What the request says of a write. */
export function owning(scope: Scope): Pick<OwnedWrite, 'resource' | 'resources' | 'now'> {
  return { resource: scope.resource, resources: scope.machinery.resources, now: nowOf(scope) };
}

/** Sets the managedFields of what is about to be stored. */
export function recordUpdate(write: OwnedWrite, obj: KubeObject): void {
  setEntries(obj, trackUpdate({ ...formOf(write), next: obj }));
}

/**
 * The live object with an applied configuration merged in, with its managedFields: not decoded and defaulted yet.
 * Throws Conflict unless forced, and upstream's 500s for what does not fit the form.
 */
export function mergeApplied(write: OwnedWrite, applied: KubeObject, force: boolean): KubeObject {
  const { object, managedFields } = apply({ ...formOf(write), applied, force });
  const merged = object as unknown as KubeObject;
  setEntries(merged, managedFields);
  return merged;
}

function formOf({ resource, resources, manager, subresource, live, now }: OwnedWrite) {
  const { schema, apiVersion, row } = resource;
  const resetFields = resetThrough(row, subresource);
  const versions = (other: string): VersionedForm | undefined => versionOf(resources, resource, other);
  const who = { manager, subresource, live, now: now.getTime(), untimed: subresource === 'scale' };
  return { schema, apiVersion, resetFields, versions, ...who };
}

/** How objects of the kind look in another version, for managers that speak it. */
function versionOf(resources: Resources, { row }: Resource, apiVersion: string): VersionedForm | undefined {
  const there = resources.find(apiVersion, row.names.plural);
  const convert = (object: Readonly<Record<string, unknown>>) => {
    const from = resources.find(object['apiVersion'] as string, row.names.plural);
    if (!there || !from || from === there) return object;
    // Versions of a custom resource differ in their names, as far as is known without asking a webhook.
    if (there.conversion) return { ...object, apiVersion };
    // A part of an object, too: what its type always has is there.
    const given = decodeValue(from.schema, object, 'Ignore').object as unknown as KubeObject;
    const stored = from.row.storedAs ? from.row.storedAs.toStored(given) : given;
    return (there.row.storedAs ? there.row.storedAs.fromStored(stored) : stored) as unknown as typeof object;
  };
  // Managers that wrote through another group are forgotten.
  return there?.row.group === row.group ? { schema: there.schema, convert } : undefined;
}

const status = [['status']];
const spec = [['spec']];

/** What an endpoint does not write, so that nobody owns it through it. */
function resetThrough(row: ResourceDefinition, subresource: string | undefined): FieldSet | undefined {
  const part: Pick<ResourceDefinition, 'strategy'> | undefined =
    subresource === undefined ? row : (row.subresources?.[subresource] as object | undefined);
  const own = part?.strategy?.resets;
  const paths = own ?? usualResets(row, subresource);
  return paths && setOf(paths);
}

function usualResets({ subresources }: ResourceDefinition, subresource: string | undefined) {
  if (subresource === 'status') return spec;
  return subresource === undefined && subresources?.['status'] ? status : undefined;
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
