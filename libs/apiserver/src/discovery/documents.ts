import { createHash } from 'node:crypto';
import type { GroupVersionKindName } from '@kubephant/resources';
import { apiVersionOf } from '@kubephant/api';
import type { DiscoveredGroup, DiscoveredVersion } from './groups';
import type { DiscoveredResource, DiscoveredSubresource } from './resources';

/** GET /apis/GROUP. */
export function apiGroup({ name, versions }: DiscoveredGroup): object {
  const listed = versions.map(({ version }) => ({ groupVersion: apiVersionOf(name, version), version }));
  return { name, versions: listed, preferredVersion: listed[0] };
}

/** GET /api/v1 and /apis/GROUP/VERSION. */
export function apiResourceList(group: string, version: string, resources: readonly DiscoveredResource[]): object {
  return {
    kind: 'APIResourceList',
    ...(group && { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(group, version),
    resources: resources.flatMap((resource) => [
      resourceEntry(resource),
      ...resource.subresources.map((subresource) => subresourceEntry(resource, subresource)),
    ]),
  };
}

function resourceEntry(resource: DiscoveredResource): object {
  const { plural, singular, namespaced, kind, verbs, short, categories, storedAs } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(short.length > 0 && { shortNames: short }),
    ...(categories.length > 0 && { categories }),
    ...(storedAs && { storageVersionHash: storageVersionHash(storedAs) }),
  };
}

function subresourceEntry({ plural, namespaced }: DiscoveredResource, subresource: DiscoveredSubresource): object {
  const { name, group, version, kind, verbs } = subresource;
  return {
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...(version && { group, version }),
    kind,
    verbs,
  };
}

/** Tells clients when the storage version changes; computed as upstream does. */
function storageVersionHash({ group, version, kind }: GroupVersionKindName): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

/** Aggregated discovery (KEP-3352): all groups in one answer. Versions of which nothing is known are left out. */
export function groupDiscoveryList(groups: readonly DiscoveredGroup[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups
      .map(({ name, versions }) => ({
        metadata: name ? { name } : {},
        versions: versions.filter(isDiscovered).map(versionDiscovery),
      }))
      .filter(({ versions }) => versions.length > 0),
  };
}

const isDiscovered = ({ resources, remote }: DiscoveredVersion): boolean =>
  remote !== undefined || resources.length > 0;

const versionDiscovery = ({ version, resources, remote }: DiscoveredVersion): object => ({
  version,
  ...(remote?.resources.length === 0 ? {} : { resources: remote?.resources ?? resources.map(resourceDiscovery) }),
  freshness: remote?.stale ? 'Stale' : 'Current',
});

/** Kinds of the version itself are named without group and version. */
const responseKind = (kind: string, group = '', version = ''): object => ({ group, version, kind });

function resourceDiscovery(resource: DiscoveredResource): object {
  const { plural, singular, kind, namespaced, verbs, short, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: responseKind(kind),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(short.length > 0 && { shortNames: short }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: subresources.map((subresource) => ({
        subresource: subresource.name,
        responseKind: responseKind(subresource.kind, subresource.group, subresource.version),
        verbs: subresource.verbs,
      })),
    }),
  };
}
