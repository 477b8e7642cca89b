import { createHash } from 'node:crypto';
import type { GroupVersionKindName } from '@kubephant/resources';
import { apiVersionOf } from '@kubephant/api';
import type { DiscoveredResource, DiscoveredSubresource } from './resources';

/** A group with its versions, best first, and their resources, by name. */
export interface DiscoveredGroup {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly resources: readonly DiscoveredResource[] }[];
}

/** The order in which upstream lists the built-in groups; others follow by name. */
const groupOrder = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const rank = (group: string): number => (groupOrder.includes(group) ? groupOrder.indexOf(group) : groupOrder.length);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function groupsOf(resources: readonly DiscoveredResource[]): readonly DiscoveredGroup[] {
  const groups = Map.groupBy(resources, ({ group }) => group);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || byText(a, b))
    .map(([name, members]) => ({ name, versions: versionsOf(members) }));
}

/** Stable versions before beta before alpha, higher before lower (upstream: version priority). */
function versionsOf(members: readonly DiscoveredResource[]): DiscoveredGroup['versions'] {
  return [...Map.groupBy(members, ({ version }) => version)]
    .map(([version, resources]) => ({ version, resources: [...resources].sort((a, b) => byText(a.plural, b.plural)) }))
    .sort((a, b) => compareVersions(a.version, b.version));
}

export function compareVersions(a: string, b: string): number {
  const [x, y] = [maturity(a), maturity(b)];
  const differing = x.findIndex((part, i) => part !== y[i]);
  return differing < 0 ? byText(a, b) : (y[differing] ?? 0) - (x[differing] ?? 0);
}

/** What orders versions: v2 is [3, 2, 0], v1beta3 is [2, 1, 3]; names of another form come last. */
function maturity(version: string): readonly number[] {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!found) return [0, 0, 0];
  const [, major = 0, stage, minor = 0] = found;
  return [stage === undefined ? 3 : stage === 'beta' ? 2 : 1, Number(major), Number(minor)];
}

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

/** Aggregated discovery (KEP-3352): all groups in one answer. */
export function groupDiscoveryList(groups: readonly DiscoveredGroup[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name ? { name } : {},
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(resourceDiscovery),
        freshness: 'Current',
      })),
    })),
  };
}

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
