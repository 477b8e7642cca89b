import { createHash } from 'node:crypto';
import { StatusError } from '@kubephant/api';
import {
  methodNotAllowed,
  negotiate,
  objectMediaTypes,
  type Incoming,
  type Reply,
  type Transform,
} from '@kubephant/serving';
import { apiGroup, apiResourceList, groupDiscoveryList } from './documents';
import { groupsOf, type DiscoveredGroup, type DiscoveredService } from './groups';
import type { DiscoveredResource } from './resources';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** A document and, where it has one, the aggregated form of it. */
interface Page {
  readonly body: object;
  readonly aggregated?: Aggregated;
  /** Served to any method, as upstream does for some. */
  readonly anyMethod?: true;
}

interface Aggregated {
  readonly bytes: Buffer;
  readonly etag: string;
}

export interface DiscoveryConfig {
  /** `host:port` that clients inside the cluster reach the server by. */
  readonly serverAddress: string;
}

/** What is served: by this server itself, and what API services say of it and of more. */
export interface DiscoverySources {
  readonly resources: readonly DiscoveredResource[];
  readonly services: readonly DiscoveredService[];
}

export interface Discovery {
  /** Undefined for paths that are no discovery document. */
  serve(req: Incoming): Reply | undefined;
  /** Paths of all documents. */
  paths(): readonly string[];
  /** Whether the group has been discovered: its unknown paths get a Status, those of others plain text. */
  hasGroup(group: string): boolean;
  /** Tells of a part of the sources from now on; documents are made anew when next asked for. */
  update(changed: Partial<DiscoverySources>): void;
  /** What this server serves itself. */
  readonly resources: readonly DiscoveredResource[];
  /** Calls when this server serves other resources than before. */
  onResources(listener: () => void): void;
}

/** /api, /apis and what is below them, made when first asked for and kept until what is served changes. */
export function newDiscovery(resources: readonly DiscoveredResource[], { serverAddress }: DiscoveryConfig): Discovery {
  let sources: DiscoverySources = { resources, services: [] };
  let made: Documents | undefined;
  const listeners: (() => void)[] = [];
  const documents = (): Documents => (made ??= documentsOf(sources, serverAddress));
  return {
    paths: () => [...documents().pages.keys()],
    hasGroup: (group) => documents().names.has(group),
    serve(req) {
      const { pathname } = req.url;
      const page = documents().pages.get(
        pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname,
      );
      return page && pageReply(req, page);
    },
    update(changed) {
      sources = { ...sources, ...changed };
      made = undefined;
      if (changed.resources) for (const listener of listeners) listener();
    },
    onResources: (listener) => void listeners.push(listener),
    get resources() {
      return sources.resources;
    },
  };
}

interface Documents {
  readonly pages: ReadonlyMap<string, Page>;
  readonly names: ReadonlySet<string>;
}

function documentsOf({ resources, services }: DiscoverySources, serverAddress: string): Documents {
  const groups = groupsOf(resources, services);
  return { pages: pagesOf(groups, serverAddress), names: new Set(groups.map(({ name }) => name)) };
}

function pagesOf(groups: readonly DiscoveredGroup[], serverAddress: string): ReadonlyMap<string, Page> {
  const core = groups.filter(({ name }) => name === '');
  const named = groups.filter(({ name }) => name !== '');
  const addresses = [{ clientCIDR: '0.0.0.0/0', serverAddress }];
  const versions = core.flatMap((group) => group.versions.map(({ version }) => version));
  const pages = new Map<string, Page>([
    [
      '/api',
      { body: { kind: 'APIVersions', versions, serverAddressByClientCIDRs: addresses }, aggregated: aggregate(core) },
    ],
    [
      '/apis',
      {
        body: { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(apiGroup) },
        aggregated: aggregate(named),
        anyMethod: true,
      },
    ],
  ]);
  for (const group of groups) {
    const base = group.name ? `/apis/${group.name}` : '/api';
    if (group.name)
      pages.set(base, { body: { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) }, anyMethod: true });
    for (const { version, resources } of group.versions.filter((one) => one.resources.length > 0)) {
      pages.set(`${base}/${version}`, { body: apiResourceList(group.name, version, resources) });
    }
  }
  return pages;
}

function aggregate(groups: readonly DiscoveredGroup[]): Aggregated {
  const bytes = Buffer.from(`${JSON.stringify(groupDiscoveryList(groups))}\n`);
  return { bytes, etag: `"${createHash('sha512').update(bytes).digest('hex').toUpperCase()}"` };
}

const isDiscoveryList = ({ kind, group, version }: Transform): boolean =>
  kind === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && version === 'v2';

function pageReply(req: Incoming, { body, aggregated, anyMethod }: Page): Reply {
  if (req.method !== 'GET' && !anyMethod) throw methodNotAllowed();
  const transforms = aggregated ? isDiscoveryList : undefined;
  const { as } = negotiate(req.headers.get('accept'), {
    mediaTypes: objectMediaTypes,
    ...(transforms && { transforms }),
    // What takes any method has no route that would say what it can be in.
    ...(anyMethod && { told: objectMediaTypes }),
  });
  return as && aggregated ? aggregatedReply(req, aggregated) : { kind: 'object', status: 200, body };
}

function aggregatedReply({ headers }: Incoming, { bytes, etag }: Aggregated): Reply {
  const common = { etag, vary: 'Accept', 'cache-control': 'public' };
  const unchanged = headers.get('if-none-match') === etag;
  return {
    kind: 'bytes',
    status: unchanged ? 304 : 200,
    contentType: aggregatedType,
    chunks: unchanged ? [] : [bytes],
    headers: common,
  };
}

/** 404 for a path below a group that is served. */
export const noSuchResource = (): StatusError =>
  new StatusError('NotFound', 'the server could not find the requested resource', {});
