import {
  cloneJson,
  invalid,
  is,
  notFound,
  staleObject,
  StatusError,
  conflict,
  type KubeObject,
  sameJson,
} from '@kubephant/api';
import type { Change, Stored } from '@kubephant/storage';
import { attributesOf } from './admit';
import type { Allocated } from './allocation';
import { isReleased } from './deletion';
import { withDryRun } from './dry-run';
import { newObject, type NewObject } from './new-object';
import type { WriteOptions } from './options';
import { owning, recordUpdate } from './ownership';
import { checkUpdate, prepareForUpdate, splitForUpdate, type Part } from './prepare';
import { revisionProblem } from './revision';
import { keyIn, toStored, type Resource } from './resource';
import { contextOf, nameOf, type Scope } from './scope';

/** How an object is changed; everything around the change is the same for PUT, PATCH and apply. */
export interface Modification {
  readonly options: WriteOptions;
  readonly part: Part;
  /** The new object, made of the current one, which is shared: never changed. Called again after a conflict. */
  make(current: KubeObject): KubeObject | Promise<KubeObject>;
  /** The object to create when there is none; absent: that is NotFound. */
  create?(): NewObject;
  /** Whether `make` has recorded ownership itself (apply, and scale). */
  readonly owned?: boolean;
  /** A uid that the stored object must have (PUT with metadata.uid). */
  readonly uid?: string;
}

export interface Modified {
  readonly stored: Stored;
  readonly created: boolean;
}

/** One transaction on the object that the URL names (upstream: Store.Update). */
export async function modify(scope: Scope, modification: Modification): Promise<Modified> {
  const { resource, machinery, info } = scope;
  const { options } = modification;
  const writes = options.dryRun ? withDryRun(machinery.store, resource.groupResource) : machinery.store;
  const key = keyIn(resource, info.namespace, nameOf(scope));
  const allocations: Allocated[] = [];
  const undo = async (): Promise<void> => {
    for (const allocated of allocations.splice(0)) await allocated.rollback();
  };
  let version = '';
  try {
    const { stored, outcome } = await writes.guaranteedUpdate<KubeObject>(
      key,
      async (current) => {
        await undo();
        version = current?.metadata.resourceVersion ?? '';
        return current ? replace(scope, modification, current, allocations) : born(scope, modification, allocations);
      },
      modification.create && { orCreate: true },
    );
    for (const allocated of allocations.splice(0)) await allocated.commit();
    if (outcome === 'removed' && !options.dryRun) await allocationOf(scope)?.release(stored.object);
    return { stored: outcome === 'removed' ? atVersion(stored, version) : stored, created: outcome === 'created' };
  } catch (err) {
    // What may have been stored keeps what it took.
    if (is('Timeout', err)) allocations.splice(0);
    throw err;
  } finally {
    await undo();
  }
}

/** Who lets go of an object is told the version that was seen; the one at which it went is for watchers. */
function atVersion(stored: Stored, resourceVersion: string): Stored {
  const object = { ...stored.object, metadata: { ...stored.object.metadata, resourceVersion } };
  return { ...stored, object, json: Buffer.from(JSON.stringify(object)) };
}

const allocationOf = ({ resource, machinery }: Scope) => machinery.allocations.get(resource.storage);

async function born(scope: Scope, modification: Modification, allocations: Allocated[]): Promise<Change<KubeObject>> {
  const draft = modification.create?.();
  if (!draft) throw notFound(scope.resource.groupResource, nameOf(scope));
  const { uid } = draft.draft.metadata;
  if (uid && modification.owned) throw uidOfNothing(scope, uid);
  if (uid)
    throw wrongUid(scope.resource, uid, {
      metadata: { ...draft.draft.metadata, uid: '' },
      dryRun: modification.options.dryRun,
    });
  const { object, allocated } = await newObject(scope, draft, modification.options);
  allocations.push(allocated);
  return { to: await toStored(scope.resource, object) };
}

async function replace(
  scope: Scope,
  modification: Modification,
  current: KubeObject,
  allocations: Allocated[],
): Promise<Change<KubeObject>> {
  const { resource } = scope;
  const { options, part } = modification;
  const context = contextOf(scope, part.name);
  checkUid(resource, modification.uid, { metadata: current.metadata, dryRun: options.dryRun });
  const old = await versioned(resource, current);
  const obj = await modification.make(old);
  checkRevision(resource, obj, current);
  // Of what was sent, before the endpoint drops what it does not take: that counts, too, unless the kind says otherwise.
  if (!modification.owned) {
    const { manager } = options;
    recordUpdate({ ...owning(scope), manager, subresource: part.name, live: old }, obj);
  }
  if (part.name === undefined) splitForUpdate(resource, part, obj, old);
  else prepareForUpdate(resource, part, { obj, old }, context);
  const attributes = attributesOf(scope, 'UPDATE', options.dryRun, { object: obj, old });
  await scope.machinery.admission.admit(attributes);
  prepareForUpdate(resource, part, { obj, old }, context);
  const allocation = part.name === undefined ? allocationOf(scope) : undefined;
  await allocation?.check(obj, old, options.dryRun);
  checkUpdate(resource, part, obj, old);
  warn(scope, part.strategy?.warnings?.(obj, old));
  allocations.push(attributes.taken);
  await scope.machinery.admission.validate(attributes);
  if (isReleased(resource.row, obj, old)) return { remove: await toStored(resource, obj) };
  if (allocation) allocations.push(await allocation.assign(obj, old, options.dryRun));
  return sameButTimes(obj, old) ? 'unchanged' : { to: await toStored(resource, obj) };
}

const warn = ({ req }: Scope, texts: readonly string[] = []): void => texts.forEach((text) => req.warn(text));

/** The stored object in the version of the URL. */
async function versioned({ row, conversion }: Resource, current: KubeObject): Promise<KubeObject> {
  if (conversion) return conversion.versionOf(current);
  return row.storedAs ? row.storedAs.fromStored(cloneJson(current)) : current;
}

/** Optimistic concurrency: a version that is given must be the current one. */
function checkRevision({ row, groupResource }: Resource, obj: KubeObject, current: KubeObject): void {
  const { resourceVersion = '' } = obj.metadata as Partial<KubeObject['metadata']>;
  const { name } = current.metadata;
  const problem = resourceVersion === '' ? undefined : revisionProblem(resourceVersion);
  if (problem) throw new StatusError('', problem);
  const unconditional = resourceVersion === '' || Number(resourceVersion) === 0;
  if (unconditional && row.conditionalUpdate) {
    const message = 'Invalid value: 0: must be specified for an update';
    const plural = { group: row.group, kind: groupResource.resource };
    throw invalid(plural, name, [{ reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message }]);
  }
  if (!unconditional && resourceVersion !== current.metadata.resourceVersion) throw staleObject(groupResource, name);
  obj.metadata.resourceVersion = current.metadata.resourceVersion;
}

interface Wanted {
  readonly metadata: KubeObject['metadata'];
  readonly dryRun: boolean;
}

function checkUid(resource: Resource, uid: string | undefined, wanted: Wanted): void {
  if (uid && uid !== wanted.metadata.uid) throw wrongUid(resource, uid, wanted);
}

/** Where upstream keeps resources that it keeps elsewhere than under their own name. */
const placesInStore: ReadonlyMap<string, string> = new Map([
  ['services', 'services/specs'],
  ['endpoints', 'services/endpoints'],
  ['nodes', 'minions'],
  ['replicationcontrollers', 'controllers'],
  ['ingresses', 'ingress'],
]);

/** Groups that a server of their own keeps, as those of custom resources: below their names. */
const groupsApart: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

function placeInStore({ groupResource, conversion }: Resource): string {
  const { group, resource } = groupResource;
  if (conversion || groupsApart.has(group)) return `${group}/${resource}`;
  return placesInStore.get(resource) ?? resource;
}

/** What upstream's store says of a uid that is not the stored one, or of any uid where nothing is stored; a dry run knows no prefix. */
function wrongUid(resource: Resource, uid: string, { metadata, dryRun }: Wanted): StatusError {
  const below = [placeInStore(resource), metadata.namespace, metadata.name].filter(Boolean).join('/');
  const key = `${dryRun ? '' : '/registry'}/${below}`;
  const text =
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ` +
    `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  return conflict(resource.groupResource, metadata.name, text);
}

function uidOfNothing(scope: Scope, uid: string): StatusError {
  const text = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return conflict(scope.resource.groupResource, nameOf(scope), text);
}

/** A write that would only move the times of managedFields is none. */
function sameButTimes(obj: KubeObject, old: KubeObject): boolean {
  return sameJson(withoutTimes(obj), withoutTimes(old));
}

function withoutTimes(obj: KubeObject): KubeObject {
  const { managedFields } = obj.metadata;
  if (!managedFields) return obj;
  const untimed = managedFields.map(({ time: _, ...entry }) => entry);
  return { ...obj, metadata: { ...obj.metadata, managedFields: untimed } };
}
