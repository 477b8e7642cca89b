import { apiServiceName, defaultPriority, type Priority } from './priorities';
import type { DiscoveredResource } from './resources';

/** What an APIService says of a group version, and what the server behind it has told of its resources. */
export interface DiscoveredService {
  readonly group: string;
  readonly version: string;
  readonly priority: Priority;
  /** Absent: this server answers itself. */
  readonly remote?: RemoteResources;
}

/** Entries of `resources` in apidiscovery.k8s.io/v2, as another server gives them. */
export interface RemoteResources {
  readonly resources: readonly object[];
  /** Not heard of any more: told from memory. */
  readonly stale: boolean;
}

export interface DiscoveredVersion {
  readonly version: string;
  readonly resources: readonly DiscoveredResource[];
  readonly remote?: RemoteResources;
}

/** A group with its versions, best first, and their resources, by name. */
export interface DiscoveredGroup {
  readonly name: string;
  readonly versions: readonly DiscoveredVersion[];
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Ranked extends DiscoveredVersion {
  readonly group: string;
  readonly priority: Priority;
}

/** All groups in the order of discovery: that of their highest group priority, and then by the name of its holder. */
export function groupsOf(
  resources: readonly DiscoveredResource[],
  services: readonly DiscoveredService[] = [],
): readonly DiscoveredGroup[] {
  const ranked = [...rankedOf(resources, services)].sort(
    (a, b) => b.priority.group - a.priority.group || byText(nameOf(a), nameOf(b)),
  );
  return [...Map.groupBy(ranked, ({ group }) => group)].map(([name, versions]) => ({
    name,
    versions: versions
      .sort((a, b) => b.priority.version - a.priority.version || compareVersions(a.version, b.version))
      .map(({ group: _group, priority: _priority, ...version }) => version),
  }));
}

const nameOf = ({ group, version }: Ranked): string => apiServiceName({ group, version });

function rankedOf(resources: readonly DiscoveredResource[], services: readonly DiscoveredService[]): Iterable<Ranked> {
  const found = new Map<string, Ranked>();
  const own = Map.groupBy(resources, apiServiceName);
  for (const [name, members] of own) {
    const [first] = members;
    if (!first) continue;
    const { group, version } = first;
    const sorted = [...members].sort((a, b) => byText(a.plural, b.plural));
    found.set(name, { group, version, priority: defaultPriority(group, version), resources: sorted });
  }
  for (const { remote, ...service } of services) {
    const name = apiServiceName(service);
    const { resources: local = [] } = remote ? {} : (found.get(name) ?? {});
    found.set(name, { ...service, resources: local, ...(remote && { remote }) });
  }
  return found.values();
}

/** Stable versions before beta before alpha, higher before lower (upstream: kube-aware version comparison). */
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
