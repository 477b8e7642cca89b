import { alreadyExists, is, StatusError, type KubeObject } from '@kubephant/api';
import type { Reply } from '@kubephant/serving';
import type { Stored } from '@kubephant/storage';
import { readObject } from './body';
import { withDryRun, type Writes } from './dry-run';
import { generatedName, placeInNamespace } from './metadata';
import { newObject } from './new-object';
import { writeOptions, type WriteOptions } from './options';
import { revisionProblem } from './revision';
import { keyIn, served, toStored } from './resource';
import { acceptObject, respond } from './respond';
import { nowOf, type Scope } from './scope';

/** How often a generated name that is taken is replaced by another. */
const nameAttempts = 8;

export async function create(scope: Scope): Promise<Reply> {
  const { req, info, resource } = scope;
  const accepted = acceptObject(req, resource);
  const options = writeOptions('CreateOptions', req.url.searchParams, req.headers.get('user-agent'));
  const object = await readObject(scope, options.fieldValidation);
  placeInNamespace(resource, object, info.namespace);
  const stored = await insert(scope, object, options);
  return respond(req, resource, await served(resource, stored), { accepted, status: 201, now: nowOf(scope) });
}

async function insert(scope: Scope, draft: KubeObject, options: WriteOptions): Promise<Stored> {
  const { resource, machinery } = scope;
  const generateName = draft.metadata.name ? undefined : draft.metadata.generateName;
  const reproach = revisionReproach(draft, options);
  const { object, allocated } = await newObject(scope, { draft }, options);
  const writes = options.dryRun ? withDryRun(machinery.store, resource.groupResource) : machinery.store;
  try {
    // The store is the last to look at an object: what else is wrong with it was said before.
    if (reproach) throw reproach;
    const stored = await insertNamed(scope, writes, await toStored(resource, object), generateName);
    await allocated.commit();
    return stored;
  } catch (err) {
    // What may have been stored keeps what it took.
    if (!is('Timeout', err)) await allocated.rollback();
    throw err;
  }
}

async function insertNamed(
  scope: Scope,
  writes: Writes,
  object: KubeObject,
  generateName: string | undefined,
): Promise<Stored> {
  const { resource } = scope;
  for (let attempt = 1; ; attempt++) {
    const { namespace, name } = object.metadata;
    try {
      return await writes.create(keyIn(resource, namespace, name), object);
    } catch (err) {
      if (!is('AlreadyExists', err)) throw err;
      if (generateName === undefined) throw await explainTaken(scope, object, err);
      if (attempt === nameAttempts) throw notUnique(err);
      object.metadata.name = generatedName(generateName);
    }
  }
}

/** Says so when what is in the way is about to go. */
async function explainTaken(
  { resource, machinery }: Scope,
  object: KubeObject,
  err: StatusError,
): Promise<StatusError> {
  const { namespace, name } = object.metadata;
  const existing = await machinery.store.get(keyIn(resource, namespace, name)).catch(() => undefined);
  const taken = alreadyExists(resource.groupResource, name);
  if (!existing?.object.metadata.deletionTimestamp) return taken;
  return new StatusError('AlreadyExists', `object is being deleted: ${taken.message}`, err.status.details);
}

function notUnique(err: StatusError): StatusError {
  const message = `${err.message}, the server was not able to generate a unique name for the object`;
  return new StatusError('AlreadyExists', message, { ...err.status.details, retryAfterSeconds: 1 });
}

/** Upstream looks at the version of a new object only where it writes one. */
function revisionReproach({ metadata }: KubeObject, { dryRun }: WriteOptions): StatusError | undefined {
  const { resourceVersion } = metadata;
  if (dryRun || !resourceVersion) return undefined;
  const problem = revisionProblem(resourceVersion);
  if (problem) return new StatusError('', problem);
  if (Number(resourceVersion) === 0) return undefined;
  return new StatusError('', 'resourceVersion should not be set on objects to be created');
}
