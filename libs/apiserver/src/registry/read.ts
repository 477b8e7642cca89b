import { badRequest, type FieldSelector } from '@kubephant/api';
import type { Reply, RequestInfo } from '@kubephant/serving';
import type { Listed, ListOptions, Selection, Stored } from '@kubephant/storage';
import { defined } from './defined';
import { lateFields, selectLate } from './late-selection';
import { listQuery, type ListQuery } from './list-options';
import { keyIn, served, servedAll, type Resource, type Served } from './resource';
import { acceptCollection, acceptObject, respond, respondList } from './respond';
import { asAsked, listRevision, readRevision } from './revision';
import { nameOf, nowOf, type Scope } from './scope';
import type { ListMeta } from './table';

export async function get(scope: Scope): Promise<Reply> {
  const { req, info, resource, machinery } = scope;
  const accepted = acceptObject(req, resource);
  const asked = req.url.search === '' ? '' : (req.url.searchParams.get('resourceVersion') ?? '');
  const key = keyIn(resource, info.namespace, nameOf(scope));
  const stored = await machinery.store.get(key, readRevision(asked)).catch((err: unknown) => {
    throw asAsked(err, asked);
  });
  return respond(req, resource, await served(resource, stored), { accepted, now: nowOf(scope) });
}

export async function list(scope: Scope): Promise<Reply> {
  const { req, resource } = scope;
  const accepted = acceptCollection(req, resource);
  const query = listQuery(req.url.searchParams, false);
  const { items, meta } = await listSelected(scope, query);
  return respondList(req, resource, { items, meta }, { accepted, now: nowOf(scope) });
}

export interface SelectedList {
  readonly stored: readonly Stored[];
  /** The same objects in the version that was asked for. */
  readonly items: readonly Served[];
  readonly meta: ListMeta;
}

/** What a list selects. */
export async function listSelected(scope: Scope, query: ListQuery): Promise<SelectedList> {
  const { resource, machinery } = scope;
  const options = listOptions(scope, query);
  const read = (page: ListOptions): Promise<Listed> =>
    machinery.store.list(page).catch((err: unknown) => {
      throw asAsked(err, query.resourceVersion);
    });
  const late = lateFields(resource, query.fields);
  const first = await read(options);
  if (late.length > 0) return await listLate(resource, late, { options, first, read });
  return { stored: first.items, items: await servedAll(resource, first.items), meta: listMeta(first) };
}

interface Paging {
  readonly options: ListOptions;
  readonly first: Listed;
  readonly read: (page: ListOptions) => Promise<Listed>;
}

/** Reads pages of the store until enough is found of what it cannot select. How many remain, nobody knows then. */
async function listLate(of: Resource, late: FieldSelector, { options, first, read }: Paging): Promise<SelectedList> {
  const { resource, namespace, selection, limit = 0 } = options;
  let page = first;
  const found = [...(await selectLate(of, late, page.items))];
  while (page.continue && found.length < limit) {
    const next = { limit: limit - found.length, continue: page.continue };
    page = await read(defined({ resource, namespace, selection, ...next }));
    found.push(...(await selectLate(of, late, page.items)));
  }
  const { remainingItemCount: _, ...meta } = listMeta(page);
  return { stored: found.map(({ stored }) => stored), items: found.map(({ served: item }) => item), meta };
}

function listMeta(listed: Listed): ListMeta {
  return {
    resourceVersion: String(listed.revision),
    ...(listed.continue && { continue: listed.continue }),
    ...(listed.remainingItemCount && { remainingItemCount: listed.remainingItemCount }),
  };
}

/** How a list of the API reads the store (api-concepts: semantics of resourceVersion for list). */
export function listOptions({ info, resource }: Scope, query: ListQuery): ListOptions {
  const selection = selectionOf(resource, query);
  const continued = query.continue !== '';
  if (continued) checkContinued(query);
  const revision = continued ? undefined : listRevision(query.resourceVersion);
  const namespace = namespaceOf(resource, info);
  const one = !continued && isPlacedName(resource, namespace, query);
  const limited = query.limit > 0 && revision !== 0 && !one;
  return defined({
    resource: resource.storage,
    namespace,
    selection,
    limit: limited ? query.limit : undefined,
    continue: continued ? query.continue : undefined,
    revision,
    match: revision === undefined ? undefined : matchOf(query.match, limited),
  });
}

/** A token brings its revision. A malformed one is complained about first, by the store that reads it. */
function checkContinued({ continue: token, resourceVersion }: ListQuery): void {
  if (resourceVersion === '' || resourceVersion === '0' || !looksLikeToken(token)) return;
  throw badRequest('specifying resource version is not allowed when using continue');
}

const looksLikeToken = (token: string): boolean =>
  Buffer.from(token, 'base64url').toString().startsWith('{"v":"meta.k8s.io/v1"');

/** Whether scope and field selector leave one object: such a list is no page, whatever its limit. */
function isPlacedName({ namespaced }: Resource, namespace: string | undefined, { fields = [] }: ListQuery): boolean {
  const named = fields.some(({ path, operator }) => path === 'metadata.name' && operator === '=');
  return named && (!namespaced || namespace !== undefined);
}

function matchOf(match: string, limited: boolean): 'exact' | 'notOlderThan' {
  return match === 'Exact' || (match === '' && limited) ? 'exact' : 'notOlderThan';
}

/** The namespace that is looked into; undefined: all of them, or there are none. */
export function namespaceOf({ namespaced }: Resource, { namespace }: RequestInfo): string | undefined {
  return namespaced && namespace !== '' ? namespace : undefined;
}

/** What a store can select of it; BadRequest for a field that the row does not let be selected. */
export function selectionOf(resource: Resource, { labels, fields }: ListQuery): Selection | undefined {
  if (fields) checkFields(resource, fields);
  const late = lateFields(resource, fields);
  const known = fields?.filter((field) => !late.includes(field)) ?? [];
  const any = known.length > 0;
  return labels || any ? { ...(labels && { labels }), ...(any && { fields: known }) } : undefined;
}

const reproachOf =
  ({ row, conversion }: Resource) =>
  (path: string): string =>
    conversion || (row.fields && row.fields.length > 0)
      ? `field label not supported: ${path}`
      : `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`;

function checkFields(resource: Resource, fields: FieldSelector): void {
  const unknown = fields.find(({ path }) => !resource.fields.has(path));
  if (!unknown) return;
  throw badRequest((resource.row.unknownField ?? reproachOf(resource))(unknown.path));
}
