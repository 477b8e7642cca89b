import type { KubeObject } from '@kubephant/api';
import { attributesOf } from './admit';
import { both, type Allocated } from './allocation';
import { fillName, fillNew, placeInNamespace } from './metadata';
import type { WriteOptions } from './options';
import { owning, recordUpdate } from './ownership';
import { checkCreate, prepareForCreate } from './prepare';
import { contextOf, nowOf, type Scope } from './scope';

/** An object that does not exist yet, as the client gave it. */
export interface NewObject {
  readonly draft: KubeObject;
  /** Whether managedFields already say who owns what (apply). */
  readonly owned?: boolean;
}

/**
 * Takes a draft through everything that comes before the store: identity, ownership, mutating admission, the name if
 * it is a generated one, the kind's preparation, validation, validating admission, allocation.
 */
export async function newObject(
  scope: Scope,
  { draft, owned }: NewObject,
  options: WriteOptions,
): Promise<{ readonly object: KubeObject; readonly allocated: Allocated }> {
  const { resource, machinery, req, info } = scope;
  const now = nowOf(scope);
  placeInNamespace(resource, draft, info.namespace);
  fillNew(draft, now);
  if (!owned) recordUpdate({ ...owning(scope), manager: options.manager }, draft);
  const attributes = attributesOf(scope, 'CREATE', options.dryRun, { object: draft });
  await scope.machinery.admission.admit(attributes);
  Reflect.deleteProperty(draft.metadata, 'resourceVersion');
  fillName(draft);
  prepareForCreate(resource, draft, contextOf(scope));
  const allocation = machinery.allocations.get(resource.storage);
  await allocation?.check(draft, undefined, options.dryRun);
  checkCreate(resource, draft);
  for (const text of resource.row.strategy?.warnings?.(draft) ?? []) req.warn(text);
  try {
    await scope.machinery.admission.validate(attributes);
    const allocated = await allocation?.assign(draft, undefined, options.dryRun);
    return { object: draft, allocated: allocated ? both(attributes.taken, allocated) : attributes.taken };
  } catch (err) {
    await attributes.taken.rollback();
    throw err;
  }
}
