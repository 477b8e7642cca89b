import type { GroupVersionKindName, ResourceDefinition, Subresource } from '@kubephant/resources';
import type { KubeObject } from '@kubephant/api';

/** A resource as discovery describes it. */
export interface DiscoveredResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly short: readonly string[];
  readonly categories: readonly string[];
  /** Named by the storage version; absent for what is not stored. */
  readonly storedAs?: GroupVersionKindName;
  readonly subresources: readonly DiscoveredSubresource[];
}

export interface DiscoveredSubresource {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly kind: string;
  /** Where the kind belongs to another group or version than the resource. */
  readonly group?: string;
  readonly version?: string;
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const partVerbs = ['get', 'patch', 'update'];
const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** What discovery says of a row of the table. */
export function describeRow(row: ResourceDefinition): DiscoveredResource {
  const { group, version, kind, names, verbs = allVerbs } = row;
  const stored = verbs.includes('list');
  return {
    group,
    version,
    kind,
    plural: names.plural,
    singular: names.singular,
    namespaced: row.scope === 'Namespaced',
    verbs: [...verbs].sort(byText),
    short: names.short ?? [],
    categories: names.categories ?? [],
    ...(stored && { storedAs: { group, version: row.storageVersion ?? version, ...row.storedAs, kind } }),
    subresources: Object.entries(row.subresources ?? {})
      .map(([name, subresource]) => ({ name, ...describeSubresource(row, subresource) }))
      .sort((a, b) => byText(a.name, b.name)),
  };
}

function describeSubresource(
  row: ResourceDefinition,
  subresource: Subresource<KubeObject>,
): Omit<DiscoveredSubresource, 'name'> {
  switch (subresource.kind) {
    case 'status':
      return { verbs: partVerbs, kind: row.kind };
    case 'part':
      return { verbs: [...subresource.verbs].sort(byText), kind: row.kind };
    case 'scale':
      return { verbs: partVerbs, kind: 'Scale', group: 'autoscaling', version: 'v1' };
    case 'create':
      return { verbs: ['create'], ...foreign(row, subresource.input) };
    case 'connect':
      return { verbs: [...subresource.verbs].sort(byText), kind: subresource.input };
  }
}

function foreign(row: ResourceDefinition, input: GroupVersionKindName): Omit<DiscoveredSubresource, 'name' | 'verbs'> {
  return input.group === row.group && input.version === row.version ? { kind: input.kind } : input;
}
