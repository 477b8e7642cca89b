import { cloneAsGiven } from '@kubephant/schema';
import { methodNotAllowed } from './methods';
import type { Reply } from '@kubephant/serving';
import { readObject } from './body';
import { checkName, placeInNamespace } from './metadata';
import { writeOptions } from './options';
import { partOf } from './prepare';
import { served } from './resource';
import { acceptObject, respond } from './respond';
import { nameOf, nowOf, type Scope } from './scope';
import { modify, type Modified } from './write';

/** PUT of an object, or of the part of it that a subresource stands for. */
export async function update(scope: Scope): Promise<Reply> {
  const { req, info, resource } = scope;
  const accepted = acceptObject(req, resource);
  const part = partOf(resource, info.subresource);
  if (!part) throw methodNotAllowed();
  const options = writeOptions('UpdateOptions', req.url.searchParams, req.headers.get('user-agent'));
  const object = await readObject(scope, options.fieldValidation);
  checkName(object, nameOf(scope));
  placeInNamespace(resource, object, info.namespace);
  const creates = resource.row.createOnUpdate && part.name === undefined;
  const modified = await modify(scope, {
    options,
    part,
    make: () => cloneAsGiven(object),
    ...(object.metadata.uid && { uid: object.metadata.uid }),
    ...(creates && { create: () => ({ draft: cloneAsGiven(object) }) }),
  });
  return respondModified(scope, modified, accepted);
}

export async function respondModified(
  scope: Scope,
  { stored, created }: Modified,
  accepted: ReturnType<typeof acceptObject>,
): Promise<Reply> {
  const { req, resource } = scope;
  const status = created ? 201 : 200;
  return respond(req, resource, await served(resource, stored), { accepted, status, now: nowOf(scope) });
}
