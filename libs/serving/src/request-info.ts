import { badRequest, parseFieldSelector, type FieldSelector } from '@kubephant/api';
import type { RequestInfo, RequestUrl } from './handler';

/** Subresources of a namespace itself: other segments after `namespaces/NAME` are resources inside it. */
const namespaceSubresources = new Set(['status', 'finalize']);

const verbOfMethod: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** A path that begins as one of a resource and names none. */
export class RequestInfoError extends Error {}

/**
 * What a path asks for, by upstream's rules (`/api/v1/…`, `/apis/GROUP/VERSION/…`, the legacy `watch/` and `proxy/`
 * prefixes, namespaces' own subresources). The path is percent-decoded first, so `%2F` separates segments for
 * authorization and dispatch alike. Throws BadRequest for a malformed escape, RequestInfoError for `/api/v1/watch`.
 */
export function requestInfo(method: string, url: RequestUrl): RequestInfo {
  const path = decodePath(url.pathname);
  const segments = path.startsWith('//') ? [] : trimSlashes(path).split('/');
  const legacy = segments[0] === 'api';
  const head = legacy ? 2 : 3;
  if (segments.length <= head || !(legacy || segments[0] === 'apis')) return nonResource(method, path);
  const group = legacy ? '' : (segments[1] ?? '');
  const version = segments[head - 1] ?? '';
  return resourceInfo(method, url, { path, group, version, rest: segments.slice(head) });
}

const collections = new Set(['list', 'watch', 'deletecollection']);

interface Located {
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly rest: string[];
}

function resourceInfo(method: string, url: RequestUrl, { path, group, version, rest }: Located): RequestInfo {
  const prefix = legacyVerb(rest);
  if (prefix && rest.length < 2) throw new RequestInfoError(`unable to determine kind and namespace from url, ${path}`);
  const { namespace, parts } = splitNamespace(prefix ? rest.slice(1) : rest);
  const [resource = '', named = '', subresource = '', ...more] = parts;
  const given = prefix ?? verbOfMethod[method] ?? '';
  const verb = named ? given : collectionVerb(given, url);
  const fieldSelector = fieldSelectorOf(verb, url);
  const name = named || selectedName(fieldSelector);
  return {
    isResourceRequest: true,
    path,
    verb,
    group,
    version,
    resource,
    ...(fieldSelector && { fieldSelector }),
    ...nonEmpty({ namespace, name, subresource, rest: more.join('/') }),
  };
}

/** `/api/v1/watch/pods` is the old form of `/api/v1/pods?watch=true`. */
const legacyVerb = ([first]: readonly string[]): string | undefined =>
  first === 'watch' || first === 'proxy' ? first : undefined;

type Optional = 'namespace' | 'name' | 'subresource' | 'rest';

/** Field by field: requests then have few shapes, which engines like better than keys put in one after the other. */
const nonEmpty = ({ namespace, name, subresource, rest }: Partial<Record<Optional, string | undefined>>) => ({
  ...(namespace && { namespace }),
  ...(name && { name }),
  ...(subresource && { subresource }),
  ...(rest && { rest }),
});

function nonResource(method: string, path: string): RequestInfo {
  return { isResourceRequest: false, path, verb: method.toLowerCase(), group: '', version: '', resource: '' };
}

/**
 * `namespaces/x` is the namespace itself, seen as being inside itself; `namespaces/x/pods/…` is inside x, and
 * `namespaces//pods` in all of them.
 */
function splitNamespace(rest: readonly string[]): { readonly namespace?: string; readonly parts: readonly string[] } {
  const [first, namespace, next] = rest;
  if (first !== 'namespaces' || namespace === undefined) return { parts: rest };
  const inside = next !== undefined && next !== '' && !namespaceSubresources.has(next);
  return { namespace, parts: inside ? rest.slice(2) : rest };
}

function collectionVerb(verb: string, url: RequestUrl): string {
  if (verb === 'get') return queryFlag(url, 'watch') ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** `fieldSelector=metadata.name=x` names one object: rules with resourceNames then apply to list and watch. */
function selectedName(selector: FieldSelector | undefined): string | undefined {
  const name = selector?.find(({ path, operator }) => path === 'metadata.name' && operator === '=')?.value;
  return name && !/^\.{1,2}$|[/%]/.test(name) ? name : undefined;
}

/** A selector that does not parse is refused later, by who lists; it decides nothing here. */
function fieldSelectorOf(verb: string, url: RequestUrl): FieldSelector | undefined {
  if (!collections.has(verb) || !url.search.includes('fieldSelector=')) return undefined;
  try {
    return parseFieldSelector(url.searchParams.get('fieldSelector') ?? '');
  } catch {
    return undefined;
  }
}

/** A boolean query parameter as upstream reads it: absent, `0` and `false` are false, all else (also empty) is true. */
export function queryFlag(url: RequestUrl, name: string): boolean {
  if (!url.search.includes(name)) return false;
  const value = url.searchParams.get(name);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

function decodePath(pathname: string): string {
  if (!pathname.includes('%')) return pathname;
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw badRequest(`invalid URL escape in path ${JSON.stringify(pathname)}`);
  }
}

function trimSlashes(path: string): string {
  let start = 0;
  let end = path.length;
  while (path.charCodeAt(start) === 47) start++;
  while (end > start && path.charCodeAt(end - 1) === 47) end--;
  return path.slice(start, end);
}

const longRunningSubresources = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/** Requests that no timeout and no in-flight limit applies to: watches and connections through to nodes. */
export function isLongRunning({ verb, subresource }: RequestInfo): boolean {
  return (
    verb === 'watch' || verb === 'proxy' || (subresource !== undefined && longRunningSubresources.has(subresource))
  );
}
