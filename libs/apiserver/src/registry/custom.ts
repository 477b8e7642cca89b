import { badRequest, notFound, pathSegment, StatusError } from '@kubephant/api';
import { pageNotFound, type Reply } from '@kubephant/serving';
import { subresourceOf, type Resource } from './resource';
import type { Scope } from './scope';
import { serveSubresource } from './subresources';
import { verbNamed } from './verbs';

/**
 * Answers a request to a custom resource. Upstream has no routes for these: whatever the method is, what the path and the
 * verb say is looked up, and what is not found there is asked of nobody else.
 */
export async function serveCustom(scope: Scope, isPlaced: boolean): Promise<Reply> {
  const { req, info, resource } = scope;
  const everywhere = resource.namespaced && !info.namespace;
  if (!isPlaced || (everywhere && info.verb !== 'list' && info.verb !== 'watch')) return pageNotFound();
  if (info.verb === 'create' && !resource.verbs.has('create')) throw terminating(resource);
  if (resource.row.deprecated !== undefined) req.warn(resource.row.deprecated);
  checkName(scope);
  return info.subresource === undefined ? serveWhole(scope) : servePart(scope, info.subresource);
}

async function serveWhole(scope: Scope): Promise<Reply> {
  const { info, resource } = scope;
  const verb = verbNamed(info.verb);
  if (!verb || !resource.verbs.has(info.verb)) throw notSupported(scope);
  return verb(scope);
}

async function servePart(scope: Scope, subresource: string): Promise<Reply> {
  const { info, resource } = scope;
  const found = subresourceOf(resource, subresource);
  if (!found || info.rest !== undefined) throw notFound(resource.groupResource, info.name ?? '');
  if (!['get', 'update', 'patch'].includes(info.verb)) throw notSupported(scope);
  return serveSubresource(scope, subresource);
}

function checkName({ info: { name, verb } }: Scope): void {
  if (!name && (verb === 'update' || verb === 'patch')) throw badRequest('name must be provided');
  const [problem] = name === undefined ? [] : pathSegment(name);
  if (problem) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${problem}`);
}

/** 405: nothing new is taken once the definition is being deleted. */
function terminating({ groupResource: { group, resource } }: Resource): StatusError {
  const message = 'create not allowed while custom resource definition is terminating';
  return new StatusError('MethodNotAllowed', message, { group, kind: resource });
}

function notSupported({ info, resource: { groupResource } }: Scope): StatusError {
  const { group, resource } = groupResource;
  const message = `${info.verb} is not supported on resources of kind ${JSON.stringify(`${resource}.${group}`)}`;
  return new StatusError('MethodNotAllowed', message, { group, kind: resource });
}
