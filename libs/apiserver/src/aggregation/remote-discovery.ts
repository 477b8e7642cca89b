import type { RemoteResources } from '../discovery/groups';

/** An entry of an APIResourceList. */
interface ApiResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/**
 * The resources that another server lists, as aggregated discovery tells them. Throws when the text is no
 * APIResourceList.
 */
export function resourcesIn(text: string): RemoteResources['resources'] {
  const { kind, resources } = JSON.parse(text) as { readonly kind?: unknown; readonly resources?: unknown };
  if (kind !== 'APIResourceList' || !Array.isArray(resources)) throw new Error('the answer is no APIResourceList');
  const entries = (resources as readonly ApiResource[]).filter(({ name }) => typeof name === 'string');
  const below = Map.groupBy(
    entries.filter(({ name }) => name.includes('/')),
    ({ name }) => name.slice(0, name.indexOf('/')),
  );
  return entries
    .filter(({ name }) => !name.includes('/'))
    .map((entry) => resourceOf(entry, below.get(entry.name) ?? []));
}

const kindOf = ({ group = '', version = '', kind = '' }: ApiResource) => ({ group, version, kind });

function resourceOf(entry: ApiResource, below: readonly ApiResource[]): object {
  const { name, singularName = '', namespaced, verbs = [], shortNames, categories } = entry;
  return {
    resource: name,
    responseKind: kindOf(entry),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singularName,
    verbs,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(below.length > 0 && {
      subresources: below.map((one) => ({
        subresource: one.name.slice(name.length + 1),
        responseKind: kindOf(one),
        verbs: one.verbs ?? [],
      })),
    }),
  };
}
