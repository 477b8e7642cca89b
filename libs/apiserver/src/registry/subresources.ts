import { apiVersionOf, type KubeObject } from '@kubephant/api';
import type { Subresource } from '@kubephant/resources';
import { schemaOfKind, trackUpdate, type Expected } from '@kubephant/schema';
import type { Authenticated, Reply, RequestInfo } from '@kubephant/serving';
import { attributesOf } from './admit';
import { readBody } from './body';
import { connectSubject } from './connect-subject';
import { placeInNamespace } from './metadata';
import { methodNotAllowed, noSuchResource } from './methods';
import { writeOptions } from './options';
import { patch } from './patch';
import { get } from './read';
import { keyIn, subresourceOf, type Resource } from './resource';
import { acceptInput } from './respond';
import { getScale, writeScale } from './scale';
import { nameOf, nowOf, type Scope } from './scope';
import { newTarget } from './target';
import { update } from './update';

type Of<K extends Subresource<KubeObject>['kind']> = Extract<Subresource<KubeObject>, { kind: K }>;

/** NotFound for a subresource that is not there, and below one that is not carried on. */
export function demandSubresource(resource: Resource, { subresource = '', rest }: RequestInfo): void {
  const found = subresourceOf(resource, subresource);
  if (!found || (rest !== undefined && found.kind !== 'connect')) throw noSuchResource();
}

/** Answers a request to a subresource as its kind says. */
export async function serveSubresource(scope: Scope, name: string): Promise<Reply> {
  const found = subresourceOf(scope.resource, name);
  if (!found) throw noSuchResource();
  switch (found.kind) {
    case 'status':
      return serveParts(scope, ['get', 'update', 'patch']);
    case 'part':
      return serveParts(scope, found.verbs);
    case 'scale':
      return serveScale(scope, found);
    case 'create':
      return createOn(scope, found);
    case 'connect':
      return connectTo(scope, found);
  }
}

async function serveParts(scope: Scope, verbs: readonly string[]): Promise<Reply> {
  const { verb } = scope.info;
  if (!verbs.includes(verb)) throw methodNotAllowed();
  if (verb === 'get') return get(scope);
  return verb === 'update' ? update(scope) : patch(scope);
}

async function serveScale(scope: Scope, scale: Of<'scale'>): Promise<Reply> {
  const { verb } = scope.info;
  if (verb === 'get') return getScale(scope, scale);
  if (verb !== 'update' && verb !== 'patch') throw methodNotAllowed();
  return writeScale(scope, scale);
}

/** POST of another kind that acts on the object (binding, eviction, token). */
async function createOn(scope: Scope, subresource: Of<'create'>): Promise<Reply> {
  if (scope.info.verb !== 'create') throw methodNotAllowed();
  acceptInput(scope.req);
  return act(scope, subresource, await readInput(scope, subresource));
}

function expectedInput({ input, inputAlso = [] }: Of<'create'>): Expected {
  const apiVersion = apiVersionOf(input.group, input.version);
  const schema = schemaOfKind(apiVersion, input.kind);
  if (!schema) throw new Error(`no definition of ${apiVersion} ${input.kind}`);
  return { apiVersion, kind: input.kind, schema, aliases: inputAlso };
}

/** An object that acts on another. */
interface Given {
  readonly input: KubeObject;
  readonly dryRun: boolean;
  readonly expected: Expected;
}

async function readInput(scope: Scope, subresource: Of<'create'>): Promise<Given> {
  const { req, info, resource } = scope;
  const expected = expectedInput(subresource);
  const options = writeOptions('CreateOptions', req.url.searchParams, req.headers.get('user-agent'));
  const input = await readBody(scope, expected, options.fieldValidation);
  placeInNamespace(resource, input, info.namespace);
  if (subresource.answersWithInput) {
    subresource.answersWithInput.defaults(input);
    const owning = { ...expected, manager: options.manager, subresource: info.subresource };
    const owned = trackUpdate({ ...owning, next: input, now: nowOf(scope).getTime() });
    if (owned) input.metadata.managedFields = owned;
  }
  return { input, dryRun: options.dryRun, expected };
}

async function act(scope: Scope, subresource: Of<'create'>, { input, dryRun, expected }: Given): Promise<Reply> {
  const { namespace, name = '' } = scope.info;
  const attributes = attributesOf(scope, 'CREATE', dryRun, { object: input, input: expected });
  await scope.machinery.admission.admit(attributes);
  await scope.machinery.admission.validate(attributes);
  const key = { name, ...(namespace !== undefined && namespace !== '' && { namespace }) };
  const body = await subresource.create(newTarget(scope, key, dryRun), input);
  return { kind: 'object', status: 201, body };
}

/** A row whose create is that of a subresource: the object it acts on is named in the body (`bindings`). */
export async function createAs(
  scope: Scope,
  as: { readonly resource: string; readonly subresource: string },
): Promise<Reply> {
  const { machinery, info } = scope;
  const resource = machinery.resources.stored(as.resource);
  const subresource = resource && subresourceOf(resource, as.subresource);
  if (!resource || subresource?.kind !== 'create') throw noSuchResource();
  acceptInput(scope.req);
  const given = await readInput(scope, subresource);
  const acting = { ...info, resource: as.resource, subresource: as.subresource, name: given.input.metadata.name };
  return act({ ...scope, resource, info: acting }, subresource, given);
}

/** Hands a connection (log, exec, attach, portforward, proxy) over to where the object is. */
async function connectTo(scope: Scope, subresource: Of<'connect'>): Promise<Reply> {
  const { req, info, resource, machinery } = scope;
  if (!subresource.verbs.includes(info.verb) && !isCarriedOn(req, info)) throw methodNotAllowed();
  const id = nameOf(scope);
  subresource.check?.(id, req.url.searchParams);
  const stored = await machinery.store.get(keyIn(resource, info.namespace, subresource.nameOf?.(id) ?? id));
  const attributes = attributesOf(scope, 'CONNECT', false, connectSubject(subresource.input, req.url.searchParams));
  await scope.machinery.admission.admit(attributes);
  await scope.machinery.admission.validate(attributes);
  const path = info.rest === undefined ? '' : `/${info.rest}`;
  const where = subresource.location(stored.object, req.url.searchParams, { id, path });
  if (where.node === undefined && where.host === undefined && where.service === undefined) return nothing;
  return machinery.connect(req, where, stored.object);
}

/** Proxies carry on what has no verb in the API, too. */
const isCarriedOn = ({ method }: Authenticated, { subresource }: RequestInfo): boolean =>
  subresource === 'proxy' && method === 'OPTIONS';

const nothing: Reply = { kind: 'bytes', status: 204, contentType: 'text/plain', chunks: [] };
