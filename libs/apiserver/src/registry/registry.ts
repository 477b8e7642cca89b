import { badRequest, is, notFound, pathSegment } from '@kubephant/api';
import { systemClock, type Clock } from '@kubephant/base';
import type { ResourceDefinition } from '@kubephant/resources';
import { schemas as builtIn, type SchemaRegistry } from '@kubephant/schema';
import {
  type AdmissionPlugin,
  type Authenticated,
  type Handler,
  type Reply,
  type RequestInfo,
} from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { newAdmissionChain, type StepMetrics } from '../admission/chain';
import type { Allocation } from './allocation';
import { serveCustom } from './custom';
import { methodNotAllowed, noSuchResource } from './methods';
import { newFramings } from './protobuf';
import { newResource, type Resource } from './resource';
import type { Connect, Framings, Machinery, Resources, Scope } from './scope';
import { demandSubresource, serveSubresource } from './subresources';
import { verbNamed } from './verbs';

export interface RegistryDependencies {
  readonly store: Store;
  readonly rows: readonly ResourceDefinition[];
  readonly schemas?: SchemaRegistry;
  readonly clock?: Clock;
  /** Plugins in the order in which they admit; all mutating ones run before any validation. */
  readonly admission?: readonly AdmissionPlugin[];
  readonly admissionMetrics?: StepMetrics;
  readonly framings?: Framings;
  readonly connect?: Connect;
  readonly allocations?: ReadonlyMap<string, Allocation>;
  /** What is served besides the rows, and comes and goes: custom resources. */
  readonly custom?: Resources;
}

/** Serves every row of the table: all verbs on all resources, from the request to the store and back. */
export function newRegistry(dependencies: RegistryDependencies): Handler<Authenticated> {
  const { rows, schemas = builtIn, clock = systemClock } = dependencies;
  const machinery: Machinery = {
    store: dependencies.store,
    schemas,
    clock,
    resources: withCustom(newResources(rows.map((row) => newResource(row, schemas))), dependencies.custom),
    admission: newAdmissionChain(dependencies.admission ?? [], dependencies.admissionMetrics),
    framings: dependencies.framings ?? newFramings(),
    connect: dependencies.connect ?? notConnected,
    allocations: dependencies.allocations ?? new Map(),
  };
  return async (req) => dispatch({ req, machinery });
}

const notConnected: Connect = async () => {
  throw noSuchResource();
};

/** What is built in goes first: no definition can take its place. */
const withCustom = (builtIn: Resources, custom: Resources = newResources([])): Resources => ({
  find: (apiVersion, plural) => builtIn.find(apiVersion, plural) ?? custom.find(apiVersion, plural),
  stored: (name) => builtIn.stored(name) ?? custom.stored(name),
  versions: (name) => (builtIn.stored(name) ? builtIn.versions(name) : custom.versions(name)),
});

export function newResources(resources: readonly Resource[]): Resources {
  const served = new Map<string, Resource>();
  const stored = new Map<string, Resource>();
  for (const resource of resources) {
    const { row } = resource;
    served.set(`${resource.apiVersion}/${row.names.plural}`, resource);
    if (!row.storedAs) stored.set(resource.storage, resource);
  }
  const versions = Map.groupBy(resources, ({ storage }) => storage);
  return {
    find: (apiVersion, plural) => served.get(`${apiVersion}/${plural}`),
    stored: (name) => stored.get(name),
    versions: (name) => versions.get(name) ?? [],
  };
}

async function dispatch({ req, machinery }: Pick<Scope, 'req' | 'machinery'>): Promise<Reply> {
  const { info } = req;
  const apiVersion = info.group ? `${info.group}/${info.version}` : info.version;
  const resource = machinery.resources.find(apiVersion, info.resource);
  if (!resource) throw noSuchResource();
  const scope = { req, info, resource, machinery };
  if (resource.conversion) return serveCustom(scope, isPlaced(resource, req));
  return serveBuiltIn(scope).catch((err: unknown) => {
    throw asServed(resource, err);
  });
}

/** The store tells of what it keeps; who asked for it in another group is told of that. */
function asServed({ row, groupResource }: Resource, err: unknown): unknown {
  const isOther = row.storedAs !== undefined && row.storedAs.group !== row.group;
  if (!isOther || !is('NotFound', err)) return err;
  const { kind, name = '' } = err.status.details ?? {};
  return kind === groupResource.resource ? notFound(groupResource, name) : err;
}

async function serveBuiltIn(scope: Scope): Promise<Reply> {
  const { req, info, resource } = scope;
  if (!isPlaced(resource, req) || info.verb === 'proxy') throw noSuchResource();
  if (info.subresource !== undefined) demandSubresource(resource, info);
  checkNameInUrl(info.name);
  const unread = req.method === 'HEAD' && info.subresource !== 'proxy';
  if (unread || (info.verb === 'watch' && req.method !== 'GET')) throw methodNotAllowed();
  if (resource.row.deprecated !== undefined) req.warn(resource.row.deprecated);
  return info.subresource === undefined ? serve(scope) : serveSubresource(scope, info.subresource);
}

const namespaceSchema = 'io.k8s.api.core.v1.Namespace';
/** A namespace is seen as being inside itself, but no namespace is inside another. */
const nested = /\/namespaces\/[^/]*\/namespaces(?:\/|$)/;

/** Whether the path fits the scope: cluster-wide things are in no namespace, one namespaced thing or unlisted ones in one. */
function isPlaced({ namespaced, row, verbs }: Resource, { info }: Authenticated): boolean {
  if (info.verb === 'watch' && info.subresource !== undefined) return false;
  const inNamespace = info.namespace !== undefined && info.namespace !== '';
  if (!namespaced) return (!inNamespace || row.schema === namespaceSchema) && !nested.test(info.path);
  return inNamespace || (verbs.has('list') && !isOfOne(info));
}

/** Whether the path names one object. The name of a collection's watch may come from its field selector. */
function isOfOne({ verb, path, resource, name }: RequestInfo): boolean {
  if (!name) return false;
  return verb === 'watch' ? path.endsWith(`/${resource}/${name}`) : ['get', 'update', 'patch', 'delete'].includes(verb);
}

function checkNameInUrl(name: string | undefined): void {
  const [problem] = name === undefined ? [] : pathSegment(name);
  if (problem) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${problem}`);
}

async function serve(scope: Scope): Promise<Reply> {
  const { info, resource } = scope;
  const verb = verbNamed(info.verb);
  if (!verb || !resource.verbs.has(info.verb) || !isAimed(scope)) throw methodNotAllowed();
  return verb(scope);
}

/** Whether the path is of one object for verbs on one, and of a collection in one place for those on many. */
function isAimed({ info, resource }: Scope): boolean {
  const placeless = resource.namespaced && !info.namespace;
  if (info.verb === 'create') return info.name === undefined && !placeless;
  if (info.verb === 'deletecollection') return !placeless;
  return !['update', 'patch', 'delete'].includes(info.verb) || Boolean(info.name);
}
