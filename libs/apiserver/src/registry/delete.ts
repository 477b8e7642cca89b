import { conflict, is, type KubeObject } from '@kubephant/api';
import type { Reply } from '@kubephant/serving';
import { attributesOf } from './admit';
import { planDeletion, type DeleteRequest } from './deletion';
import { deleteOptions } from './delete-options';
import { withDryRun } from './dry-run';
import { versionOf } from './forms';
import { listQuery } from './list-options';
import { listSelected } from './read';
import { keyIn, served, type Served } from './resource';
import { acceptObject, respond, respondList } from './respond';
import { nameOf, nowOf, type Scope } from './scope';

/** DELETE of one object. */
export async function remove(scope: Scope): Promise<Reply> {
  const { req, resource } = scope;
  const accepted = acceptObject(req, resource);
  const options = await deleteOptions(scope);
  const { item, gone } = await removeObject(scope, options);
  if (gone && !resource.row.deleteReturnsObject)
    return { kind: 'object', status: 200, body: success(scope, item.object) };
  return respond(req, resource, item, { accepted, now: nowOf(scope) });
}

/** What an object that is gone at once leaves behind: a Status that says which it was. */
function success({ resource }: Scope, { metadata }: KubeObject): object {
  const { group, resource: kind } = resource.groupResource;
  const details = { name: metadata.name, ...(group && { group }), kind, uid: metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** Deletes one object of the scope's resource, or begins to. */
export async function removeObject(
  scope: Scope,
  options: DeleteRequest,
): Promise<{ readonly item: Served; readonly gone: boolean }> {
  const { resource, machinery, info } = scope;
  const writes = options.dryRun ? withDryRun(machinery.store, resource.groupResource) : machinery.store;
  const { stored, outcome } = await writes.guaranteedUpdate<KubeObject>(
    keyIn(resource, info.namespace, nameOf(scope)),
    async (current) => {
      if (!current) return 'unchanged';
      checkPreconditions(scope, current, options);
      const subject = { old: await versionOf(resource, current), options: optionsObject(options) };
      const attributes = attributesOf(scope, 'DELETE', options.dryRun, subject);
      await scope.machinery.admission.admit(attributes);
      await scope.machinery.admission.validate(attributes);
      return planDeletion(resource.row, current, options, nowOf(scope));
    },
  );
  const gone = outcome === 'removed';
  if (gone && !options.dryRun) await machinery.allocations.get(resource.storage)?.release(stored.object);
  return { item: await served(resource, stored), gone };
}

/** DeleteOptions as webhooks are shown them. */
function optionsObject({ dryRun, uid, resourceVersion, ...rest }: DeleteRequest): object {
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  return {
    kind: 'DeleteOptions',
    apiVersion: 'meta.k8s.io/v1',
    ...rest,
    ...(Object.keys(preconditions).length > 0 && { preconditions }),
    ...(dryRun && { dryRun: ['All'] }),
  };
}

function checkPreconditions(
  { resource }: Scope,
  { metadata }: KubeObject,
  { uid, resourceVersion }: DeleteRequest,
): void {
  const about = { group: resource.row.group, resource: resource.row.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    const why =
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ` +
      'The object might have been deleted and then recreated';
    throw conflict(about, metadata.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why =
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record ` +
      `(${metadata.resourceVersion}). The object might have been modified`;
    throw conflict(about, metadata.name, why);
  }
}

/** How many objects of a collection are deleted at the same time. */
const atOnce = 16;

/** DELETE of everything that is selected; answers with what was. Objects that go meanwhile are not missed. */
export async function removeCollection(scope: Scope): Promise<Reply> {
  const { req, resource } = scope;
  const accepted = acceptObject(req, resource);
  const query = listQuery(req.url.searchParams);
  const options = await deleteOptions(scope);
  const { stored, items, meta } = await listSelected(scope, query);
  const pending = stored.values();
  const work = async (): Promise<void> => {
    for (const { key } of pending) {
      const info = { ...scope.info, name: key.name, ...(resource.namespaced && { namespace: key.namespace }) };
      await removeObject({ ...scope, info }, options).catch(ignoreNotFound);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return respondList(req, resource, { items, meta }, { accepted, now: nowOf(scope) });
}

function ignoreNotFound(err: unknown): void {
  if (!is('NotFound', err)) throw err;
}
